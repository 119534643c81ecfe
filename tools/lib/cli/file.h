#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "lib/cli/error.h"

namespace ks::cli {

// The whole file. Errors name the path and the system's reason.
Result<std::string> read_file(const std::filesystem::path& path);

// Writes aside, then renames: readers see the old file or the whole new one. "-" is stdout. The
// parent folder is made if it is missing.
Result<void> write_file(const std::filesystem::path& path, std::string_view content);

// The system's words for `error_number`, as in strerror.
std::string system_error(int error_number);

}  // namespace ks::cli
