#pragma once

#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// checklist.md: a row for every check of the PR, main and release stages, with links to its
// results.
std::string to_checklist(const Summary& summary);

}  // namespace ks::report
