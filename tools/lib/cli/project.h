#pragma once

#include <filesystem>

namespace ks::cli {

// Where `name` of the project's folder is: in KS_HOME, else in the nearest folder that has it,
// first upwards from this executable, then from the folder we stand in. Empty where there is none.
std::filesystem::path find_in_project(const std::filesystem::path& name);

}  // namespace ks::cli
