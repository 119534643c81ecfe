#include "lib/report/check_end.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using report::Status;
using Words = std::vector<std::string>;

po::options_description options() {
  po::options_description options("Options of end");
  auto add = options.add_options();
  add("check", po::value<std::string>(), "the check that ended; without it the run did");
  add("client", po::value<std::string>(), "client it ran with; default: none");
  add("exit-status", po::value<int>(), "of the check; from 128 on it was interrupted");
  add("reason", po::value<std::string>(), "why that is not 0, if no step tells");
  add("interrupted", po::value<std::string>(), "the run ended early, and why: it cannot pass");
  add("failure", po::value<std::string>(),
      "what went wrong in the run: a result has to explain it");
  return options;
}

Status status_of(int exit_status) {
  if (exit_status == 0) return Status::kPass;
  if (exit_status == 1) return Status::kFail;
  return exit_status == 3 || exit_status >= 128 ? Status::kInconclusive : Status::kError;
}

std::string reason_of(int exit_status) {
  if (exit_status >= 128) return "interrupted by signal " + std::to_string(exit_status - 128);
  return "ended with status " + std::to_string(exit_status) + ", and no step says why";
}

cli::Result<void> write_end(const fs::path& dir, report::Result end) {
  end.step = report::kEndStep;
  return write_result(dir / result_file(end.check, end.client, end.step), end);
}

cli::Result<void> end_check(const fs::path& dir, const Words& steps,
                            const po::variables_map& options) {
  const auto run = report::read_run(dir);
  if (!run) return tl::make_unexpected(run.error());
  auto end = own_result(options, *run);
  if (!end) return tl::make_unexpected(end.error());
  if (options.count("exit-status") == 0) {
    return cli::fail("give the exit status of the check", "--exit-status");
  }
  const int exit_status = options["exit-status"].as<int>();
  end->lower_to(status_of(exit_status), text_option(options, "reason", reason_of(exit_status)));
  for (const std::string& step : steps) {
    end->artifacts.push_back(result_file(end->check, end->client, step).string());
  }
  return write_end(dir, std::move(*end));
}

cli::Result<cli::ExitStatus> end(const po::variables_map& options) {
  const auto words = cli::option_or<Words>(options, "word", {});
  if (words.empty()) return cli::fail("give a run folder", {}, "see --help");
  const fs::path dir = words.front();
  const Words steps(words.begin() + 1, words.end());
  const bool of_check = options.count("check") != 0;
  if (!of_check && !steps.empty()) return cli::fail("steps of no check", "--check", "see --help");
  const auto done = of_check ? end_check(dir, steps, options)
                             : report::end_run(dir, text_option(options, "interrupted"),
                                               text_option(options, "failure"));
  if (!done) return tl::make_unexpected(done.error());
  return cli::ExitStatus::kPassed;
}

}  // namespace

cli::Result<void> begin_check(const fs::path& dir, const po::variables_map& options) {
  const auto run = report::read_run(dir);
  if (!run) return tl::make_unexpected(run.error());
  auto end = own_result(options, *run);
  if (!end) return tl::make_unexpected(end.error());
  end->lower_to(Status::kError, report::kNoEnd);
  return write_end(dir, std::move(*end));
}

Command end_command() { return {options(), end}; }

}  // namespace ks::runs
