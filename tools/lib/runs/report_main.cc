#include "lib/runs/report_main.h"

#include <algorithm>
#include <array>
#include <iostream>

#include "lib/cli/caught.h"
#include "lib/cli/log.h"
#include "lib/cli/output.h"
#include "lib/cli/version.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace po = cli::po;
using cli::ExitStatus;

constexpr const char* kAbout =
    "usage: ks-report begin DIR --stage pr|main|release|performance|delivery [options]\n"
    "       ks-report begin DIR --check NAME [--client NAME]\n"
    "       ks-report record DIR --check NAME --status STATUS --reason TEXT [options]\n"
    "       ks-report status RESULT...\n"
    "       ks-report end DIR --check NAME [--client NAME] --exit-status N [STEP...]\n"
    "       ks-report end DIR [--interrupted WHY]\n"
    "       ks-report charter [DIR|latest] [options]\n"
    "       ks-report baseline save|compare DIR [--file FILE] [options]\n"
    "       ks-report delivery [DIR...] [-o FILE]\n"
    "       ks-report repeats DIR --steps NAME_1,NAME_2,NAME_3 [options]\n"
    "       ks-report performance [DIR...] [-o FILE]\n"
    "       ks-report series DIR [DIR...] [-o FILE]\n"
    "       ks-report suite DIR [DIR...] -o DIR [options]\n"
    "       ks-report [merge] DIR [DIR...] [options]\n"
    "\n"
    "begin   makes a run folder for results, histories and logs; with --check, says that a check\n"
    "        begins in it: until its end it counts as one that died\n"
    "record  writes the result of a step that could not write its own\n"
    "status  ends with the worst status of result files, and says their reasons\n"
    "end     says that a check reached its end and which steps it had, or that the run did\n"
    "charter tells what is promised, and what a run shows of it: kept, broken, accepted as a "
    "known\n"
    "        gap, or not tested; without a run folder of the newest complete run\n"
    "baseline  save keeps the times and rates of a run that passed in a small file; compare "
    "judges\n"
    "        those of a run by the median and the spread of earlier ones, and names what is "
    "worse:\n"
    "        0 nothing, 1 a regression, 3 too few earlier runs or a figure that is missing\n"
    "delivery  writes delivery-guarantees.md: each guarantee with what was done to it and what "
    "was\n"
    "        seen, and what follows; of a folder of run folders by the newest run of delivery\n"
    "repeats  writes the result of one thing that a check did several times: median, variance and\n"
    "        outliers of each figure, percentiles of all records together, and whether that holds\n"
    "performance  writes what validations of performance came to as one page: results against\n"
    "        limits, figures over time, what follows from them, and what was not measured\n"
    "series  prints the figures of each second of one or several run folders as CSV\n"
    "suite   judges run folders, or those in a folder, of several profiles or targets, each by\n"
    "        itself, and writes one report.html with a tab for each, and suite.json; the exit "
    "status\n"
    "        is the worst verdict's\n"
    "merge   judges the results of one or several run folders, and writes summary.json,\n"
    "        report.html, report.md, checklist.md, junit.xml and results.tap; the exit status is\n"
    "        the verdict: 0 pass, 1 fail, 2 error, 3 inconclusive\n"
    "\n"
    "examples:\n"
    "  ks-report reports/latest\n"
    "  ks-report merge reports/one reports/two -o reports/both --json -\n";

po::options_description common_options() {
  po::options_description options("Common options");
  auto add = options.add_options();
  add("quiet,q", "only errors");
  add("verbose,v", "more on stderr");
  add("help,h", "this text");
  add("version", "the toolkit's version");
  return options;
}

void print_help() {
  std::cout << kAbout << "\n"
            << begin_command().options << "\n"
            << record_command().options << "\n"
            << end_command().options << "\n"
            << charter_command().options << "\n"
            << baseline_command().options << "\n"
            << delivery_command().options << "\n"
            << repeats_command().options << "\n"
            << performance_command().options << "\n"
            << series_command().options << "\n"
            << suite_command().options << "\n"
            << merge_command().options << "\n"
            << common_options();
}

Command command_of(const std::string& name) {
  if (name == "begin") return begin_command();
  if (name == "record") return record_command();
  if (name == "status") return status_command();
  if (name == "end") return end_command();
  if (name == "charter") return charter_command();
  if (name == "baseline") return baseline_command();
  if (name == "repeats") return repeats_command();
  if (name == "performance") return performance_command();
  if (name == "suite") return suite_command();
  if (name == "delivery") return delivery_command();
  if (name == "series") return series_command();
  return merge_command();
}

cli::Result<ExitStatus> run(int argc, const char* const* argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  static constexpr std::array kNames{"begin",       "record",   "status",   "end",
                                     "charter",     "baseline", "delivery", "repeats",
                                     "performance", "series",   "suite",    "merge"};
  const bool is_named = std::ranges::find(kNames, name) != kNames.end();
  const Command command = command_of(name);
  po::options_description all;
  all.add(command.options).add(common_options());
  const int skip = is_named ? 1 : 0;
  const auto options = cli::parse_command_line(argc - skip, argv + skip, all);
  if (!options) return tl::make_unexpected(options.error());
  if (options->count("help") != 0) return print_help(), ExitStatus::kPassed;
  if (options->count("version") != 0) {
    std::cout << cli::program() << " " << cli::version() << "\n";
    return ExitStatus::kPassed;
  }
  if (options->count("quiet") != 0) cli::set_verbosity(cli::Verbosity::kQuiet);
  if (options->count("verbose") != 0) cli::set_verbosity(cli::Verbosity::kVerbose);
  return command.run(*options);
}

}  // namespace

int report_main(int argc, const char* const* argv) {
  cli::set_program("ks-report");
  auto status = cli::caught([&] { return run(argc, argv); });
  const auto flushed = cli::flush_output();
  if (status && !flushed) status = tl::make_unexpected(flushed.error());
  if (status) return static_cast<int>(*status);
  cli::log_error(status.error().message());
  return static_cast<int>(ExitStatus::kCannotRun);
}

}  // namespace ks::runs
