#include <algorithm>
#include <iostream>

#include "lib/cli/file.h"
#include "lib/report/by_profile.h"
#include "lib/report/html_suite.h"
#include "lib/report/json_text.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;
using Folders = std::vector<fs::path>;

po::options_description options() {
  po::options_description options("Options of suite");
  auto add = options.add_options();
  add("output,o", po::value<std::string>(), "folder for report.html and suite.json");
  add("stages", po::value<std::string>(), "list of checks; default: gates/stages.json");
  add("charter", po::value<std::string>(), kCharterHelp);
  add("json", po::value<std::string>(), "also write suite.json to a file, or - for stdout");
  return options;
}

Result<Folders> all_runs(const std::vector<std::string>& words) {
  Folders out;
  for (const std::string& word : words) {
    const auto runs = run_folders_in(word);
    if (!runs) return tl::make_unexpected(runs.error());
    if (runs->empty()) {
      return cli::fail("no run folder", word, "give run folders, or a folder that has some");
    }
    out.insert(out.end(), runs->begin(), runs->end());
  }
  return out;
}

Result<report::Evidence> read_all(const Folders& dirs) {
  report::Evidence out;
  for (const fs::path& dir : dirs) {
    auto folder = report::read_run_folder(dir);
    if (!folder) return tl::make_unexpected(folder.error());
    out.push_back(std::move(*folder));
  }
  return out;
}

void print(const report::Suite& suite, const fs::path& out) {
  for (const report::Summary& summary : suite) {
    std::cout << report::one_line(profile_name(suite, summary)) << ": "
              << to_string(summary.verdict.status) << ": "
              << decision(summary.run, summary.verdict.status) << ", "
              << report::tally(summary.rows) << "\n";
  }
  std::cout << to_string(verdict_of(suite)) << "\n"
            << "report: " << (out / "report.html").string() << "\n";
}

Result<void> publish(const report::Suite& suite, const fs::path& out,
                     const po::variables_map& options) {
  const std::string json = report::dump(to_suite_json(suite));
  if (auto ok = cli::write_file(out / "report.html", to_suite_html(suite)); !ok) return ok;
  if (auto ok = cli::write_file(out / "suite.json", json); !ok) return ok;
  const std::string copy = text_option(options, "json");
  if (!copy.empty()) {
    if (auto ok = cli::write_file(copy, json); !ok) return ok;
  }
  if (copy != "-" && options.count("quiet") == 0) print(suite, out);
  return {};
}

Result<cli::ExitStatus> make_suite(const po::variables_map& options) {
  const auto words = cli::option_or<std::vector<std::string>>(options, "word", {});
  if (words.empty()) return cli::fail("give run folders", {}, "see --help");
  const fs::path out = text_option(options, "output");
  if (out.empty()) return cli::fail("a suite needs a folder for its report", {}, "name it with -o");
  const auto runs = all_runs(words);
  if (!runs) return tl::make_unexpected(runs.error());
  const auto all = read_all(*runs);
  if (!all) return tl::make_unexpected(all.error());
  report::Suite suite;
  for (const report::Evidence& profile : by_profile(*all)) {
    if (auto ok = can_be_merged(profile); !ok) return tl::make_unexpected(ok.error());
    auto summary = judge_evidence(profile, out, options);
    if (!summary) return tl::make_unexpected(summary.error());
    suite.push_back(std::move(*summary));
  }
  if (auto ok = publish(suite, out, options); !ok) return tl::make_unexpected(ok.error());
  return report::exit_status(verdict_of(suite));
}

}  // namespace

Command suite_command() { return {options(), make_suite}; }

}  // namespace ks::runs
