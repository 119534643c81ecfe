#include <iostream>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/cli/project.h"
#include "lib/report/comparison.h"
#include "lib/report/json_text.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::ExitStatus;
using cli::Result;

constexpr const char* kDefaultName = "baseline.jsonl";

po::options_description options() {
  po::options_description options("Options of baseline");
  auto add = options.add_options();
  add("file", po::value<std::string>(),
      "the history; default: baseline.jsonl where the run folders are");
  add("stages", po::value<std::string>(), "list of checks; default: gates/stages.json");
  add("charter", po::value<std::string>(), kCharterHelp);
  add("json", po::value<std::string>(), "compare: write it as JSON to a file, or - for stdout");
  return options;
}

Result<fs::path> history_file(const po::variables_map& options) {
  const std::string given = text_option(options, "file");
  if (!given.empty()) return fs::path(given);
  const std::string reports = cli::environment("KS_REPORTS");
  const fs::path folder = reports.empty() ? cli::find_in_project("reports") : fs::path(reports);
  if (folder.empty()) return cli::fail("no folder for the history", "--file", "name the file");
  return folder / kDefaultName;
}

Result<report::History> read_whole(const fs::path& file) {
  auto history = report::read_history(file);
  if (history && history->damaged_lines > 0) {
    cli::log_warning(std::to_string(history->damaged_lines) +
                     (history->damaged_lines == 1 ? " line" : " lines") +
                     " cannot be read and do not count: " + file.string());
  }
  return history;
}

Result<ExitStatus> save(const fs::path& dir, const fs::path& file,
                        const po::variables_map& options) {
  const auto summary = judge_runs({dir}, dir, options);
  if (!summary) return tl::make_unexpected(summary.error());
  if (summary->verdict.status != report::Status::kPass) {
    return cli::fail("a run that did not pass (" + std::string(to_string(summary->verdict.status)) +
                         ") is no baseline",
                     dir.string(), "see its report.html, and save a run that passed");
  }
  const auto folder = report::read_run_folder(dir);
  if (!folder) return tl::make_unexpected(folder.error());
  const auto history = read_whole(file);
  if (!history) return tl::make_unexpected(history.error());
  const std::string& id = folder->run.run_id;
  const auto same = [&](const report::BaselineRun& run) { return run.run.run_id == id; };
  if (std::ranges::any_of(history->runs, same)) {
    cli::log_info("run " + id + " is there already: " + file.string());
    return ExitStatus::kPassed;
  }
  const report::BaselineRun run = baseline_of(*folder);
  if (auto ok = append_to_history(file, run); !ok) return tl::make_unexpected(ok.error());
  cli::log_info("saved " + std::to_string(run.figures.size()) + " figures of run " + id + ": " +
                file.string());
  return ExitStatus::kPassed;
}

void print(const report::Comparison& comparison) {
  using report::Change;
  for (const report::ComparedFigure& figure : comparison.figures) {
    if (figure.change < Change::kAsBefore) std::cout << sentence(figure) << "\n";
  }
  std::cout << sentence(comparison) << "\n";
  const std::size_t judged = comparison.figures.size() - comparison.count(Change::kTooFew);
  if (comparison.count(Change::kRegression) * 4 > judged) {
    cli::log_warning(
        "more than a quarter of the figures are worse: see whether the machine was busy");
  }
}

Result<ExitStatus> compare(const fs::path& dir, const fs::path& file,
                           const po::variables_map& options) {
  const auto folder = report::read_run_folder(dir);
  if (!folder) return tl::make_unexpected(folder.error());
  const auto history = read_whole(file);
  if (!history) return tl::make_unexpected(history.error());
  const report::Comparison comparison = report::compare(baseline_of(*folder), *history);
  const std::string json = text_option(options, "json");
  if (!json.empty()) {
    if (auto ok = cli::write_file(json, report::dump(to_json(comparison))); !ok) {
      return tl::make_unexpected(ok.error());
    }
  }
  if (json != "-" && options.count("quiet") == 0) print(comparison);
  return report::exit_status(comparison.status);
}

Result<ExitStatus> baseline(const po::variables_map& options) {
  const auto words = cli::option_or<std::vector<std::string>>(options, "word", {});
  const std::string verb = words.empty() ? "" : words.front();
  if (verb != "save" && verb != "compare") {
    return cli::fail("say save or compare", "baseline", "see --help");
  }
  if (words.size() != 2) return cli::fail("give one run folder", "baseline " + verb, "see --help");
  const auto file = history_file(options);
  if (!file) return tl::make_unexpected(file.error());
  return verb == "save" ? save(words[1], *file, options) : compare(words[1], *file, options);
}

}  // namespace

Command baseline_command() { return {options(), baseline}; }

}  // namespace ks::runs
