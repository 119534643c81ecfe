#pragma once

#include <string>
#include <vector>

#include "lib/report/summary.h"

namespace ks::report {

// Runs of several profiles or targets, each judged by itself: not empty.
using Suite = std::vector<Summary>;

// The worst of its verdicts.
Status verdict_of(const Suite& suite);

// "kafka-local"; with the target where the profile is there with several.
std::string profile_name(const Suite& suite, const Summary& of);

// One file with a tab for each. Without a script, and on paper, all are shown one below the other.
std::string to_suite_html(const Suite& suite);

// reports/schema/suite-v1.json.
nlohmann::ordered_json to_suite_json(const Suite& suite);

}  // namespace ks::report
