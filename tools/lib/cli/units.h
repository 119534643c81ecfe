#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/cli/error.h"

namespace ks::cli {

using Duration = std::chrono::nanoseconds;

// Whole text must be a number; signs, blanks and trailing characters are errors.
Result<std::uint64_t> parse_count(std::string_view text);

// Number of a partition, from 0: at most 2^31-1, as Kafka's INT32.
Result<std::int32_t> parse_partition(std::string_view text);

// "250ms", "1.5s", "2m", "1h", "1m30s". A number without a unit is an error: nobody should have to
// guess whether 30 means seconds.
Result<Duration> parse_duration(std::string_view text);

// Bytes: "512", "4k"/"4KiB" (1024), "4kB"/"4KB" (1000), "2M"/"2MiB", "1G"/"1GiB".
Result<std::uint64_t> parse_size(std::string_view text);

// Records a second: "50", "50/s", "1000/m".
Result<double> parse_rate(std::string_view text);

// A decimal number, whole text.
Result<double> parse_number(std::string_view text);

double to_ms(Duration duration);

// For people: "1.5 s", "250 ms", "2 m 5 s".
std::string format_duration(Duration duration);

}  // namespace ks::cli
