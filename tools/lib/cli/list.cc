#include "lib/cli/list.h"

#include <algorithm>

namespace ks::cli {

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    out.emplace_back(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace ks::cli
