#pragma once

#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// results.tap, TAP version 14: a test point for each check and client of the run's stage, and one
// for each other reason of the verdict. All are ok, or TODO, if and only if the verdict is a pass:
// what did not run though it is required, was skipped or is inconclusive is not ok, too. TODO is
// what does not count: an accepted failure, evidence, and what nobody asked for.
std::string to_tap(const Summary& summary);

}  // namespace ks::report
