#pragma once

#include <string>

#include "lib/cli/error.h"

// Regular expressions as of grep -E. POSIX's matcher bears texts of any length; std::regex
// overflows the stack on long ones.
namespace ks::report {

// An error says what is wrong with it.
cli::Result<void> check_pattern(const std::string& pattern);

// Whether it matches any part of `text`; one that is malformed matches nothing.
bool matches(const std::string& pattern, const std::string& text);

}  // namespace ks::report
