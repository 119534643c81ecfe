#pragma once

#include <cstddef>
#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// What a CI host takes as a job's summary.
inline constexpr std::size_t kMostMarkdownBytes = std::size_t{1} << 20U;

// report.md: the verdict, the five questions, what did not pass and why, anomalies, findings, and
// every check. Never longer than `most_bytes`, if these are 100,000 or more: what has no room is
// counted.
std::string to_markdown(const Summary& summary, std::size_t most_bytes = kMostMarkdownBytes);

}  // namespace ks::report
