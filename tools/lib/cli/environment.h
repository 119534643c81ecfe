#pragma once

#include <string>

namespace ks::cli {

// The value of a variable; empty where it is not set, since CI hosts export empty ones, too.
std::string environment(const char* name);

}  // namespace ks::cli
