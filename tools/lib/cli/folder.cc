#include "lib/cli/folder.h"

#include <algorithm>
#include <system_error>

namespace ks::cli {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> entries_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) out.push_back(at->path());
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail("cannot read", folder.string(), error.message());
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace ks::cli
