#pragma once

#include <string>
#include <string_view>

namespace ks::report {

// What to do about a finding, as reports/findings.md says it; empty for one that is not ours.
std::string hint_of_finding(std::string_view id);

}  // namespace ks::report
