#pragma once

#include <filesystem>
#include <vector>

#include "lib/cli/error.h"

namespace ks::cli {

// What the folder holds, by name. One that is not there holds nothing.
Result<std::vector<std::filesystem::path>> entries_in(const std::filesystem::path& folder);

}  // namespace ks::cli
