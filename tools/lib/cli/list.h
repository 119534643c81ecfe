#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ks::cli {

// The items of a list that commas separate, empty ones included: one more than there are commas.
std::vector<std::string> split_list(std::string_view list);

}  // namespace ks::cli
