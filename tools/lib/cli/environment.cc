#include "lib/cli/environment.h"

#include <cstdlib>

namespace ks::cli {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace ks::cli
