#pragma once

#include <filesystem>

namespace ks::history {

// Whether a file ends as its writer ends it, without reading what is before: false where the writer
// was killed, still runs, or never was one of histories. Folder tells more, and of damage.
bool ended_cleanly(const std::filesystem::path& file);

}  // namespace ks::history
