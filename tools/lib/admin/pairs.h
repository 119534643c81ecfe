#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/options.h"

namespace ks::admin {

using Pairs = std::map<std::string, std::string>;

// Settings by their names; `where` is what they belong to. A name given twice is an error.
cli::Result<Pairs> to_pairs(std::span<const cli::SettingArg> settings, const std::string& where);

// The same of `name=value` words (cli::parse_setting).
cli::Result<Pairs> parse_pairs(std::span<const std::string> words, const std::string& where);

}  // namespace ks::admin
