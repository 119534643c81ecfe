#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/step.h"
#include "lib/report/timeline_input.h"

namespace ks::report {

// The lowest and the highest of the values in a stretch of the time axis.
struct Extent {
  std::size_t at = 0;  // the stretch's number on the axis
  double least = 0;
  double most = 0;
  bool rises = false;  // the lowest came before the highest

  bool operator==(const Extent&) const = default;
};

// What happened in such a stretch: of several seconds the extent of the rate, the sum of the
// errors, and the worst of each percentile, which cannot be merged.
struct Bucket {
  Extent rate;
  double errors = 0;
  std::optional<Latency> latency;
};

// Everything that ran with one tool: rates and errors add up.
struct Lane {
  std::string name;             // of the tool, without ks-
  std::vector<Bucket> buckets;  // in order; those in which one ran
};

// A broker's own figure over time.
struct Gauge {
  std::string name;
  std::vector<Extent> extents;  // in order; those in which it was read
  Extent whole;                 // of all of them

  bool is_constant() const { return whole.least == whole.most; }
};

struct Timeline {
  std::int64_t begin_ns = 0;
  std::int64_t bucket_ns = 1;
  std::size_t buckets = 0;  // on the whole axis
  std::vector<Lane> lanes;
  std::vector<Gauge> gauges;  // by name
  std::vector<Fault> faults;
  std::vector<Availability> partitions;
  std::vector<std::string> problems;

  bool has_axis() const { return buckets > 0; }
  std::int64_t end_ns() const { return begin_ns + static_cast<std::int64_t>(buckets) * bucket_ns; }
};

// One time axis for all steps, in at most `most_buckets` whole seconds or multiples of them. A
// history may be judged by several steps: of each fault and partition the last judgement counts.
Timeline make_timeline(const std::vector<const Step*>& steps, std::size_t most_buckets);

// For each fault the recovery of `operation` that tells most among all partitions: an open one,
// else the longest; in the order of the faults' confirmations.
std::vector<const Recovery*> worst_recoveries(const Timeline& timeline,
                                              const std::string& operation);

}  // namespace ks::report
