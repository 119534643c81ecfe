#pragma once

#include <map>
#include <span>
#include <string>

#include "lib/cli/error.h"

namespace ks::admin {

// `name=value` words; `where` is what they belong to. The value may be empty and may contain '='. A
// name given twice is an error. Values of secrets are hidden from here on.
cli::Result<std::map<std::string, std::string>> parse_pairs(std::span<const std::string> words,
                                                            const std::string& where);

}  // namespace ks::admin
