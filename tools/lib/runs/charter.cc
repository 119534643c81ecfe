#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/output.h"
#include "lib/cli/project.h"
#include "lib/report/json_text.h"
#include "lib/report/promises.h"
#include "lib/report/text.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;
using Outcomes = std::vector<report::PromiseOutcome>;

po::options_description options() {
  po::options_description options("Options of charter");
  auto add = options.add_options();
  add("charter", po::value<std::string>(), kCharterHelp);
  add("stages", po::value<std::string>(), "list of checks; default: gates/stages.json");
  add("json", po::value<std::string>(), "write it as JSON to a file, or - for stdout");
  return options;
}

// Where the gates leave their runs.
Result<fs::path> latest_run() {
  const std::string reports = cli::environment("KS_REPORTS");
  const fs::path folder = reports.empty() ? cli::find_in_project("reports") : fs::path(reports);
  std::error_code ignored;
  if (folder.empty() || !fs::exists(folder / "latest", ignored)) {
    return cli::fail("no complete run", (folder / "latest").string(),
                     "run a gate, name a run folder or set KS_REPORTS");
  }
  return folder / "latest";
}

Result<fs::path> chosen_run(const po::variables_map& options) {
  const auto words = cli::option_or<std::vector<std::string>>(options, "word", {});
  if (words.size() > 1) return cli::fail("give one run folder", words[1], "merge several first");
  if (!words.empty() && words.front() != "latest") return fs::path(words.front());
  return latest_run();
}

// The checks and clients that the promise names, as it does.
std::string evidence_text(const report::Promise& promise) {
  std::vector<std::string> names;
  for (const report::CheckRef& ref : promise.evidence) names.push_back(to_string(ref));
  return report::joined(names);
}

std::string state_text(const report::PromiseOutcome& outcome) {
  std::string state(to_string(outcome.state));
  if (outcome.state != report::PromiseState::kAccepted) return state;
  return state + " " + report::joined(outcome.accepted);
}

void print_table(const Outcomes& outcomes) {
  cli::print("promise\tstate\twhat is promised\tevidence\treason\n");
  for (const report::PromiseOutcome& outcome : outcomes) {
    cli::print(outcome.promise.id + "\t" + state_text(outcome) + "\t" + outcome.promise.text +
               "\t" + evidence_text(outcome.promise) + "\t" +
               (outcome.reason.empty() ? "-" : outcome.reason) + "\n");
  }
}

Result<cli::ExitStatus> tell(const po::variables_map& options) {
  const auto dir = chosen_run(options);
  if (!dir) return tl::make_unexpected(dir.error());
  const auto manifest = load_manifest(options);
  if (!manifest) return tl::make_unexpected(manifest.error());
  const auto charter = load_charter(options, *manifest, "kafscale");
  if (!charter) return tl::make_unexpected(charter.error());
  if (auto ok = check_promises(*charter, *manifest); !ok) return tl::make_unexpected(ok.error());
  const auto evidence = report::read_evidence({*dir});
  if (!evidence) return tl::make_unexpected(evidence.error());
  const auto summary = report::summarize(*manifest, *evidence, *dir, name_of(*dir), *charter);
  const Outcomes outcomes = judge_promises(*charter, summary);
  const std::string json = text_option(options, "json");
  if (!json.empty()) {
    auto ok = cli::write_file(json, report::dump(to_json(outcomes, summary, *charter)));
    if (!ok) return tl::make_unexpected(ok.error());
  }
  if (json != "-" && options.count("quiet") == 0) print_table(outcomes);
  return exit_status(outcomes);
}

}  // namespace

Command charter_command() { return {options(), tell}; }

}  // namespace ks::runs
