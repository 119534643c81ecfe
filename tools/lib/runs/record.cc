#include "lib/cli/units.h"
#include "lib/runs/command.h"
#include "lib/target/profile.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using report::Status;
using Words = std::vector<std::string>;

po::options_description options() {
  po::options_description options("Options of record");
  auto add = options.add_options();
  add("check", po::value<std::string>(), "name of the check; default: KS_CHECK");
  add("client", po::value<std::string>(), "client it ran with; default: none");
  add("client-version", po::value<std::string>(), "of which version that is");
  add("step", po::value<std::string>(), "name of the step; default: KS_STEP");
  add("status", po::value<std::string>(),
      "skip, inconclusive, error or fail; pass only with what is expected");
  add("reason", po::value<std::string>(),
      "why, in one line; default: as the result that is there has it");
  add("title", po::value<std::string>(), "what the step does; default: KS_TITLE");
  add("metric", po::value<std::vector<cli::SettingArg>>(), "NAME=NUMBER (repeatable)");
  add("expect", po::value<Words>(), "'metric op value' that must hold (repeatable)");
  add("duration-ms", po::value<cli::CountArg>(), "how long it took, up to now");
  return options;
}

// A pass rests on figures.
cli::Result<Status> recorded_status(const po::variables_map& options) {
  const auto status = report::parse_status(text_option(options, "status"));
  if (status && (*status != Status::kPass || options.count("expect") != 0)) return *status;
  return cli::fail("not a status to record '" + text_option(options, "status") + "'", "--status",
                   "choose skip, inconclusive, error or fail, or pass with --expect");
}

cli::Result<void> take_figures(const po::variables_map& options, report::Result& result) {
  const auto metrics = cli::option_or<std::vector<cli::SettingArg>>(options, "metric", {});
  for (const auto& [name, value] : metrics) {
    const auto number = cli::parse_number(value);
    if (!number) return cli::fail("not a number", "--metric " + name, "write it like errors=0");
    result.metrics[name] = *number;
  }
  std::vector<report::Expectation> expectations;
  for (const std::string& text : cli::option_or<Words>(options, "expect", {})) {
    auto expectation = report::parse_expectation(text);
    if (!expectation) return tl::make_unexpected(expectation.error());
    expectations.push_back(std::move(*expectation));
  }
  report::apply(expectations, result);
  return {};
}

void take_duration(const po::variables_map& options, report::Result& result) {
  const auto took_ms = cli::option_or<cli::CountArg>(options, "duration-ms", {0}).value;
  result.duration_ms = static_cast<double>(took_ms);
  result.started_at_ns -= static_cast<std::int64_t>(took_ms) * 1'000'000;
}

cli::Result<report::Result> recorded_result(const po::variables_map& options,
                                            const report::Run& run) {
  const auto status = recorded_status(options);
  if (!status) return tl::make_unexpected(status.error());
  auto result = own_result(options, run);
  if (!result) return result;
  result->step = text_option(options, "step", result->step);
  result->title = text_option(options, "title", result->title);
  result->client_version = text_option(options, "client-version");
  take_duration(options, *result);
  // The last words of a tool that died may quote a secret of its profile: reading that registers
  // it.
  static_cast<void>(target::load_profile(""));
  result->lower_to(*status, text_option(options, "reason"));
  if (auto ok = take_figures(options, *result); !ok) return tl::make_unexpected(ok.error());
  return result;
}

// What is recorded worsens the result that is there, and keeps its figures.
report::Result worsened(report::Result earlier, const report::Result& recorded) {
  const std::string& reason = recorded.reason.empty() ? earlier.reason : recorded.reason;
  earlier.lower_to(recorded.status, std::string(reason));
  return earlier;
}

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
    result = worsened(std::move(*earlier), *result);
  }
  if (result->status != Status::kPass && result->reason.empty()) {
    return cli::fail("give the reason", "--reason");
  }
  if (auto ok = report::write_result(file, *result); !ok) return tl::make_unexpected(ok.error());
  return cli::ExitStatus::kPassed;
}

}  // namespace

Command record_command() { return {options(), record}; }

}  // namespace ks::runs
