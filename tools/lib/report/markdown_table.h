#pragma once

#include <string>
#include <vector>

namespace ks::report {

// "| a | b |", of cells that are escaped; and the same with the line below a table's head.
std::string markdown_row(const std::vector<std::string>& cells);
std::string markdown_head(const std::vector<std::string>& cells);

}  // namespace ks::report
