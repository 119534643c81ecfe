#pragma once

#include <string>
#include <vector>

namespace ks::report {

// Percentiles of the latencies of one step, in milliseconds.
struct Distribution {
  std::string name;
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

// A row for each on a common logarithmic axis: a bar from p50 to p95, a line on to p99, and a point
// at the maximum; hovering tells the values. Empty for none. The element of the id `labelled_by`
// says in words what it shows.
std::string latency_svg(const std::vector<Distribution>& distributions,
                        const std::string& labelled_by);

}  // namespace ks::report
