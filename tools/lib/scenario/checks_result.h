#pragma once

#include <vector>

#include "lib/scenario/conduct.h"

namespace ks::scenario {

// The result of the step `checks`: what each check says, and under `data` each scenario's figures.
report::Result checks_result(const Scenario& scenario, const Conduct& conduct,
                             const std::vector<Figures>& figures,
                             const std::vector<Outcome>& outcomes);

}  // namespace ks::scenario
