#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/stats/histogram.h"

namespace ks::stats {

// Figures of each second of a run, as JSON lines with the fields
//   time            when the second began, RFC 3339
//   records, bytes, errors
//   latency_ms_p50, _p95, _p99, _max   absent where no latency was measured
// A second in which nothing happened has its line, too. Format: reports/README.md.
class Series {
 public:
  Series() = default;
  // The first second begins at `start_ns` of the caller's clock, which was `start_wall_ns`.
  Series(std::int64_t start_ns, std::int64_t start_wall_ns)
      : second_ns_(start_ns), wall_minus_clock_(start_wall_ns - start_ns) {}

  // In the caller's clock, which never goes back.
  void record(std::int64_t now_ns, std::uint64_t bytes, std::optional<std::int64_t> latency_ns);
  void error(std::int64_t now_ns);

  // Every line up to the second that `now_ns` is in, which ends there.
  std::string take_lines(std::int64_t now_ns);

 private:
  void end_seconds_before(std::int64_t now_ns);
  void end_second();

  std::int64_t second_ns_ = 0;
  std::int64_t wall_minus_clock_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t errors_ = 0;
  Histogram latency_;
  std::string lines_;
};

}  // namespace ks::stats
