#include "lib/runs/command.h"
#include "lib/target/profile.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;

po::options_description options() {
  po::options_description options("Options of record");
  auto add = options.add_options();
  add("check", po::value<std::string>(), "name of the check; default: KS_CHECK");
  add("client", po::value<std::string>(), "client it ran with; default: none");
  add("step", po::value<std::string>(), "name of the step; default: KS_STEP");
  add("status", po::value<std::string>(), "skip, inconclusive, error or fail");
  add("reason", po::value<std::string>(), "why, in one line");
  add("title", po::value<std::string>(), "what the step does; default: KS_TITLE");
  return options;
}

cli::Result<report::Result> recorded_result(const po::variables_map& options,
                                            const report::Run& run) {
  const auto status = report::parse_status(text_option(options, "status"));
  if (!status || *status == report::Status::kPass) {
    return cli::fail("not a status to record '" + text_option(options, "status") + "'", "--status",
                     "choose skip, inconclusive, error or fail");
  }
  auto result = own_result(options, run);
  if (!result) return result;
  result->step = text_option(options, "step", result->step);
  result->title = text_option(options, "title", result->title);
  const std::string reason = text_option(options, "reason");
  if (reason.empty()) return cli::fail("give the reason", "--reason");
  // The last words of a tool that died may quote a secret of its profile: reading that registers
  // it.
  static_cast<void>(target::load_profile(""));
  result->lower_to(*status, reason);
  return result;
}

// What is recorded worsens the result that is there, and keeps its figures.
cli::Result<cli::ExitStatus> record(const po::variables_map& options) {
  const auto dir = only_folder(options);
  if (!dir) return tl::make_unexpected(dir.error());
  const auto run = report::read_run(*dir);
  if (!run) return tl::make_unexpected(run.error());
  auto result = recorded_result(options, *run);
  if (!result) return tl::make_unexpected(result.error());
  const fs::path file = *dir / result_file(result->check, result->client, result->step);
  std::error_code ignored;
  if (fs::exists(file, ignored)) {
    auto earlier = report::read_result(file);
    if (!earlier) return tl::make_unexpected(earlier.error());
    earlier->lower_to(result->status, result->reason);
    result = std::move(earlier);
  }
  if (auto ok = report::write_result(file, *result); !ok) return tl::make_unexpected(ok.error());
  return cli::ExitStatus::kPassed;
}

}  // namespace

Command record_command() { return {options(), record}; }

}  // namespace ks::runs
