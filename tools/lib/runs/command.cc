#include "lib/runs/command.h"

#include <system_error>
#include <vector>

namespace ks::runs {

namespace fs = std::filesystem;
namespace po = cli::po;

std::string text_option(const po::variables_map& options, const char* name,
                        const std::string& otherwise) {
  return cli::option_or<std::string>(options, name, otherwise);
}

cli::Result<fs::path> only_folder(const po::variables_map& options) {
  const auto words = cli::option_or<std::vector<std::string>>(options, "word", {});
  if (words.size() != 1) return cli::fail("give one run folder", {}, "see --help");
  return fs::path(words.front());
}

std::string name_of(const fs::path& dir) {
  std::error_code ignored;
  return fs::weakly_canonical(dir, ignored).filename().string();
}

}  // namespace ks::runs
