#pragma once

#include <vector>

#include "lib/report/evidence.h"

namespace ks::report {

// Run folders apart by profile and target, in the order of the first one of each. The scenarios of
// one run may be of several: its folder then is in each of them, with what belongs there. What of
// it cannot be used is in all, since nobody knows whose it was.
std::vector<Evidence> by_profile(const Evidence& folders);

}  // namespace ks::report
