#pragma once

#include <string>

#include "lib/report/timeline.h"

// A timeline in words. Times are UTC; names are as they were read, not yet escaped.
namespace ks::report {

// 12:00:05; with month and day where the axis spans several days.
std::string clock_text(const Timeline& timeline, std::int64_t wall_ns);

// "kill, begun 12:00:05, confirmed 12:00:06, healed 12:00:09"; or not confirmed, or never healed.
std::string fault_text(const Timeline& timeline, const Fault& fault);

// To about three digits: "0.512", "17.3", "1,234".
std::string short_number(double value);

// How long a bucket is: "5 s", "2 min".
std::string bucket_length(const Timeline& timeline);

// "1,234 ms", of an open one "not recovered after 1,234 ms".
std::string recovery_text(const Recovery& recovery);

// "280 to 300"; one number where both are the same.
std::string range_text(const Extent& extent);

// Everything of one bucket, a line for each lane; empty where nothing ran.
std::string bucket_text(const Timeline& timeline, std::size_t at);

// What a chart shows, for those who do not see it.
std::string summary_text(const Timeline& timeline);

}  // namespace ks::report
