#pragma once

#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// junit.xml: a test suite for each stage of the run, a test case for each (check, client). JUnit
// knows no "inconclusive": it is an error of that type. What did not run, was skipped, or failed as
// the charter accepts it, is skipped.
std::string to_junit(const Summary& summary);

}  // namespace ks::report
