#pragma once

#include <nlohmann/json.hpp>

#include "lib/report/summary.h"

namespace ks::report {

// The summary of a run of scenarios (reports/schema/scenario-summary-v1.json): the shape of the
// KAF6 runner first, then `rest`, which every summary has; the checks there are the rows of
// `check_results`, each with its scenario's file, profile and own checks.
nlohmann::ordered_json with_scenarios(const Summary& summary, nlohmann::ordered_json rest);

}  // namespace ks::report
