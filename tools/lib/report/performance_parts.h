#pragma once

#include <string>
#include <vector>

#include "lib/report/performance.h"

// Parts of the page of a validation of performance, and how it writes its tables.
namespace ks::report {

// "| a | b |", of cells that are escaped; and the same with the line below a table's head.
std::string performance_row(const std::vector<std::string>& cells);
std::string performance_head(const std::vector<std::string>& cells);

// "Results against limits", "Figures": sections, or nothing.
std::string performance_results(const Performance& performance);
std::string performance_figures(const Performance& performance);

}  // namespace ks::report
