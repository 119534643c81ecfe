#include "lib/cli/error.h"

#include <algorithm>

#include "lib/cli/redact.h"

namespace ks::cli {

std::string Error::message() const {
  std::string line = what;
  if (!where.empty()) line += ": " + where;
  if (!action.empty()) line += "; " + action;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return redact(line);
}

}  // namespace ks::cli
