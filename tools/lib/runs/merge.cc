#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/report/github.h"
#include "lib/report/json_text.h"
#include "lib/report/markdown.h"
#include "lib/report/outputs.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;

po::options_description options() {
  po::options_description options("Options of merge");
  auto add = options.add_options();
  add("output,o", po::value<std::string>(), "folder for the reports; default: the run folder");
  add("stages", po::value<std::string>(), "list of checks; default: gates/stages.json");
  add("charter", po::value<std::string>(), kCharterHelp);
  add("json", po::value<std::string>(), "also write the summary to a file, or - for stdout");
  add("github",
      "print workflow commands of GitHub Actions, which annotate the run, and append report.md to "
      "GITHUB_STEP_SUMMARY");
  add("latest", "point the link 'latest' beside the run folder at it, if it is complete");
  return options;
}

Result<fs::path> output_folder(const po::variables_map& options,
                               const std::vector<fs::path>& dirs) {
  const std::string given = text_option(options, "output");
  if (!given.empty()) return fs::path(given);
  if (dirs.size() == 1) return dirs.front();
  return cli::fail("several run folders need a folder for their report", {}, "name one with -o");
}

void print_verdict(const report::Summary& summary, const fs::path& out) {
  const report::Verdict& verdict = summary.verdict;
  for (const report::Reason& reason : verdict.reasons) {
    std::cout << to_string(reason.status) << ": " << report::one_line(reason.text) << "\n";
  }
  std::cout << to_string(verdict.status) << ": " << decision(summary.run, verdict.status) << ", "
            << report::tally(summary.rows) << "\n";
  if (const std::string text = notice(summary.run); !text.empty()) std::cout << text << "\n";
  std::cout << "report: " << (out / "report.html").string() << "\n";
}

// Steps before this one may have written to the job's summary; what passes the host's limit is lost
// as a whole.
Result<void> append_to_job_summary(const report::Summary& summary) {
  const std::string file = cli::environment("GITHUB_STEP_SUMMARY");
  if (file.empty()) return {};
  std::error_code ignored;
  const std::uintmax_t there = fs::exists(file, ignored) ? fs::file_size(file, ignored) : 0;
  const std::size_t room = report::kMostMarkdownBytes - std::min(report::kMostMarkdownBytes, there);
  const std::string text = to_markdown(summary, room);
  if (text.size() > room) return cli::fail("no room in the job's summary", file);
  errno = 0;
  std::ofstream out(file, std::ios::app | std::ios::binary);
  out << text;
  out.close();
  if (!out) return cli::fail("cannot append", file, cli::system_error(errno));
  return {};
}

// The run and its reports say the same as the job's summary, which is not worth a verdict.
void annotate(const po::variables_map& options, const report::Summary& summary) {
  if (options.count("github") == 0) return;
  std::cout << to_github(summary);
  if (const auto ok = append_to_job_summary(summary); !ok) cli::log_warning(ok.error().message());
}

Result<void> publish(const po::variables_map& options, const report::Summary& summary,
                     const fs::path& out) {
  if (auto ok = report::write_reports(summary, out); !ok) return ok;
  const std::string json = text_option(options, "json");
  if (!json.empty()) {
    const std::string text = report::dump(to_json(summary));
    if (auto ok = cli::write_file(json, text); !ok) return ok;
  }
  if (json != "-" && options.count("quiet") == 0) print_verdict(summary, out);
  annotate(options, summary);
  const bool complete = summary.run.ended && summary.run.interrupted.empty();
  if (options.count("latest") != 0 && complete) {
    return report::point_latest_at(out);
  }
  return {};
}

Result<cli::ExitStatus> merge(const po::variables_map& options) {
  const auto words = cli::option_or<std::vector<std::string>>(options, "word", {});
  const std::vector<fs::path> dirs(words.begin(), words.end());
  if (dirs.empty()) return cli::fail("give a run folder", {}, "see --help");
  if (options.count("github") != 0 && text_option(options, "json") == "-") {
    return cli::fail("--json - and --github both write to stdout", "--json", "give it a file");
  }
  const auto out = output_folder(options, dirs);
  if (!out) return tl::make_unexpected(out.error());
  const auto summary = judge_runs(dirs, *out, options);
  if (!summary) return tl::make_unexpected(summary.error());
  if (auto ok = publish(options, *summary, *out); !ok) return tl::make_unexpected(ok.error());
  return report::exit_status(summary->verdict.status);
}

}  // namespace

Command merge_command() { return {options(), merge}; }

}  // namespace ks::runs
