#pragma once

#include <string>

#include "lib/report/performance.h"

// Parts of the page of a validation of performance.
namespace ks::report {

// "Results against limits", "Figures": sections, or nothing.
std::string performance_results(const Performance& performance);
std::string performance_figures(const Performance& performance);

}  // namespace ks::report
