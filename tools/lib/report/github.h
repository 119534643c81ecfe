#pragma once

#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// Workflow commands of GitHub Actions, one a line: an error for each failure, a warning for each
// check that is not shown and each finding that is one, and as notices the verdict, what the run
// cannot say, and accepted gaps. GitHub shows ten of a type: of more, the tenth tells how many.
std::string to_github(const Summary& summary);

}  // namespace ks::report
