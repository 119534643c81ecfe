#include <cctype>

#include "lib/cli/log.h"
#include "lib/report/run.h"
#include "lib/runs/command.h"
#include "lib/tool/tool.h"

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

// Names become part of a file's name.
std::string file_part(std::string name) {
  for (char& c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    if (!plain) c = '_';
  }
  return name;
}

cli::Result<report::Result> recorded_result(const po::variables_map& options,
                                            const report::Run& run) {
  const auto status = report::parse_status(text_option(options, "status"));
  if (!status || *status == report::Status::kPass) {
    return cli::fail("not a status to record '" + text_option(options, "status") + "'", "--status",
                     "choose skip, inconclusive, error or fail");
  }
  report::Result result = tool::new_result(run.run_id);
  result.check = text_option(options, "check", result.check);
  result.client = text_option(options, "client", result.client);
  result.step = text_option(options, "step", result.step);
  result.title = text_option(options, "title", result.title);
  if (result.check.empty()) return cli::fail("give the name of the check", "--check");
  const std::string reason = text_option(options, "reason");
  if (reason.empty()) return cli::fail("give the reason", "--reason");
  result.lower_to(*status, reason);
  result.stage = report::to_string(run.stage);
  result.target = run.target;
  result.profile = run.profile;
  result.brokers = run.brokers;
  result.broker = run.broker;
  result.tool = cli::program();
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
  const fs::path file = *dir / report::kResultsDir /
                        (file_part(result->check) + "." + file_part(result->client) + "." +
                         file_part(result->step) + ".json");
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
