#include "lib/cli/error.h"

#include <algorithm>

namespace ks::cli {

std::string Error::message() const {
  std::string line = what;
  if (!where.empty()) line += ": " + where;
  if (!action.empty()) line += "; " + action;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace ks::cli
