#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "lib/cli/error.h"

namespace ks::audit {

// Gives every event of a history folder as a line of JSON, in the order of time. Damage to a file
// is an error at the end, after what could be read.
cli::Result<void> dump_folder(const std::filesystem::path& folder,
                              const std::function<void(const std::string& line)>& print);

}  // namespace ks::audit
