#pragma once

#include <optional>
#include <vector>

#include "lib/scenario/fleet_merge.h"

namespace ks::scenario {

// The finding that clocks are too far apart for latencies between workers.
inline constexpr const char* kClockOffset = "clock-offset";

// What is to be said of the workers themselves.
struct FleetWord {
  std::string wrong;  // why the run is none; empty: it is one
  std::string lost;   // why it shows too little; empty: it does not
  // By how much times of two workers may be apart; nothing where somebody's clock is not known.
  std::optional<std::int64_t> spread_ns;
};

FleetWord word_of(const std::vector<FleetWorker>& workers);

// The result of the step `workers`: who they are, what each did and how its clock went, under
// `data.workers`; with the finding kClockOffset where there is reason to.
report::Result workers_result(const CheckPlace& place, const std::vector<FleetWorker>& workers,
                              const FleetMerge& merge);

// Takes back what checks of end-to-end latencies say where the clocks could have decided it, and
// what all checks say of a fleet that is not whole.
void doubt(const Scenario& scenario, const FleetWord& word, std::vector<Outcome>& outcomes);

}  // namespace ks::scenario
