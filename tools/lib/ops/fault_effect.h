#pragma once

#include <optional>
#include <string>

#include "lib/ops/fault.h"
#include "lib/target/path_probe.h"

// Whether a fault is there, measured through the proxy from its client's end.
namespace ks::ops {

// A path before the fault, and how the fault is looked for. What only slows is looked for in the
// median of several exchanges of `requests` requests; anything else in one of one request.
struct Baseline {
  std::uint64_t requests = 1;
  bool large = false;
  std::size_t times = 3;
  double median_ms = 0;
  double slowest_ms = 0;
  double least_growth_ms = 0;  // of the median, for a fault that only slows to count as seen
  std::string untellable;      // why this fault could not be seen here; mostly empty
};

struct Sight {
  bool seen = false;
  std::optional<double> median_ms;  // of what was answered
  std::string text;                 // for people: what was measured
};

// What the fault adds at least to the time of such an exchange, before any margin: latency - jitter
// (and no less than 3/8 of the latency) in each direction; the bytes of the larger direction by the
// rate; a pause after each piece but the last of a connection.
double effect_ms(const Fault& fault, const target::Exchange& exchange);

// Fails where the path does not answer.
cli::Result<Baseline> measure_before(const Fault& fault, const target::PathProbe& probe,
                                     cli::Duration timeout);

// A fault that only slows is seen where the median grew by 0.8 of its effect (bandwidth: of its
// effect less what the exchange took before) and by more than the upper quartile was above it
// before; a timeout where nothing came for a second and ten times what the slowest took before, or
// where the connection ended without an answer and no sooner than after 0.8 of --after; a reset
// where the system reports one; down where no connection was taken, or none was served.
Sight look_for(const Fault& fault, const target::PathProbe& probe, const Baseline& before,
               cli::Duration timeout);

// The path is whole again where it answers and, after a fault that only slows, no later than half
// of the least growth above the median before. Asks until that is so, at most `timeout` long,
// whatever signal came.
Sight look_for_healed(const Fault& fault, const target::PathProbe& probe, const Baseline& before,
                      cli::Duration timeout);

}  // namespace ks::ops
