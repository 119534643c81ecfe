#include "lib/cli/log.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

cli::Result<cli::ExitStatus> tell(const cli::po::variables_map& options) {
  const auto files = cli::option_or<std::vector<std::string>>(options, "word", {});
  if (files.empty()) return cli::fail("give result files", {}, "see --help");
  report::Status worst = report::Status::kPass;
  for (const std::string& file : files) {
    const auto result = report::read_result(file);
    if (!result) return tl::make_unexpected(result.error());
    if (result->status != report::Status::kPass) cli::log_error(result->reason);
    worst = report::worst(worst, result->status);
  }
  return report::exit_status(worst);
}

}  // namespace

Command status_command() { return {cli::po::options_description("Options of status"), tell}; }

}  // namespace ks::runs
