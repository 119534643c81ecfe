#include "lib/cli/file.h"
#include "lib/cli/output.h"
#include "lib/scenario/commands.h"

namespace ks::scenario {

Ended validate_command(const cli::po::variables_map& options,
                       const std::vector<std::string>& words) {
  if (words.empty()) return cli::fail("give files or folders", "validate", "see --help");
  const auto suite = read_suite({words.begin(), words.end()});
  if (!suite) return tl::make_unexpected(suite.error());
  if (!suite->complaints.empty()) return tell_complaints(*suite);
  const auto output = cli::option_or<std::string>(options, "output", "");
  if (!output.empty()) {
    if (auto ok = cli::write_file(output, suite->checksums); !ok) {
      return tl::make_unexpected(ok.error());
    }
  }
  if (output.empty() || options.count("quiet") == 0) cli::print(suite->checksums);
  return static_cast<int>(cli::ExitStatus::kPassed);
}

}  // namespace ks::scenario
