#include "lib/cli/project.h"

#include <system_error>

#include "lib/cli/environment.h"

namespace ks::cli {
namespace {

namespace fs = std::filesystem;

fs::path find_upwards(const fs::path& start, const fs::path& name) {
  std::error_code ignored;
  for (fs::path folder = start; !folder.empty(); folder = folder.parent_path()) {
    if (fs::exists(folder / name, ignored)) return folder / name;
    if (folder == folder.parent_path()) break;
  }
  return {};
}

}  // namespace

fs::path find_in_project(const fs::path& name) {
  if (const std::string home = environment("KS_HOME"); !home.empty()) return home / name;
  std::error_code ignored;
  const fs::path executable = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path found = find_upwards(executable.parent_path(), name);
  return found.empty() ? find_upwards(fs::current_path(ignored), name) : found;
}

}  // namespace ks::cli
