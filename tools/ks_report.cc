// ks-report: begins a run folder, records steps that could not write their own result, and merges
// the results of run folders into one verdict and its reports.

#include <algorithm>
#include <iostream>

#include "lib/cli/clock.h"
#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/cli/options.h"
#include "lib/cli/project.h"
#include "lib/cli/version.h"
#include "lib/report/json_text.h"
#include "lib/report/outputs.h"
#include "lib/report/wording.h"
#include "lib/target/identity.h"
#include "lib/target/profile.h"
#include "lib/tool/tool.h"

namespace {

namespace fs = std::filesystem;
namespace po = ks::cli::po;
using ks::cli::environment;
using ks::cli::ExitStatus;
using ks::cli::fail;
using ks::cli::option_or;
using ks::cli::Result;
using Words = std::vector<std::string>;

constexpr const char* kAbout =
    "usage: ks-report begin DIR --stage pr|main|release [options]\n"
    "       ks-report record DIR --check NAME --status STATUS --reason TEXT [options]\n"
    "       ks-report [merge] DIR [DIR...] [options]\n"
    "\n"
    "begin   makes a run folder for results, histories and logs\n"
    "record  writes the result of a step that could not write its own\n"
    "merge   judges the results of one or several run folders, and writes summary.json,\n"
    "        checklist.md, report.html and junit.xml; the exit status is the verdict:\n"
    "        0 pass, 1 fail, 2 error, 3 inconclusive\n"
    "\n"
    "examples:\n"
    "  ks-report reports/latest\n"
    "  ks-report merge reports/one reports/two -o reports/both --json -\n";

struct Command {
  po::options_description options;
  Result<ExitStatus> (*run)(const po::variables_map& options);
};

std::string text_option(const po::variables_map& options, const char* name,
                        const std::string& otherwise = "") {
  return option_or<std::string>(options, name, otherwise);
}

Result<fs::path> only_folder(const po::variables_map& options) {
  const auto words = option_or<Words>(options, "word", {});
  if (words.size() != 1) return fail("give one run folder", {}, "see --help");
  return fs::path(words.front());
}

// A folder's own name, also for "reports/run/" and ".".
std::string name_of(const fs::path& dir) {
  std::error_code ignored;
  return fs::weakly_canonical(dir, ignored).filename().string();
}

// --- begin ---

po::options_description begin_options() {
  po::options_description options("Options of begin");
  auto add = options.add_options();
  add("stage", po::value<std::string>(), "pr, main or release");
  add("profile", po::value<std::string>(), "environment, profiles/NAME.yaml or a path");
  add("run-id", po::value<std::string>(), "identity of the run; default: the folder's name");
  add("identity", po::value<std::string>(), "result of 'ks-admin identify': who answers");
  add("full-time", "the checks run for as long as a release decision needs");
  return options;
}

// The broker that answered, as ks-admin identify found it.
Result<void> take_identity(const std::string& file, ks::report::Run& run) {
  const auto identity = ks::report::read_result(file);
  if (!identity) return tl::make_unexpected(identity.error());
  run.broker = identity->broker;
  const auto& data = identity->data;
  if (data.is_object() && data.contains("cluster_id") && data["cluster_id"].is_string()) {
    run.cluster_id = data["cluster_id"];
  }
  run.kafscale_gate = run.target == "kafscale" && run.broker.product == ks::target::kKafScale;
  return {};
}

Result<ExitStatus> begin(const po::variables_map& options) {
  const auto dir = only_folder(options);
  if (!dir) return tl::make_unexpected(dir.error());
  const auto stage = ks::report::parse_stage(text_option(options, "stage"));
  if (!stage) return tl::make_unexpected(stage.error());
  const auto profile = ks::target::load_profile(text_option(options, "profile"));
  if (!profile) return tl::make_unexpected(profile.error());

  ks::report::Run run;
  const std::string id_of_environment = environment("KS_RUN_ID");
  run.run_id =
      text_option(options, "run-id", id_of_environment.empty() ? name_of(*dir) : id_of_environment);
  run.stage = *stage;
  run.target = ks::target::to_string(profile->target);
  run.profile = profile->name;
  run.brokers = profile->brokers;
  run.clients = profile->clients;
  run.full_time = options.count("full-time") != 0;
  run.started_at_ns = ks::cli::wall_ns();
  run.machine = ks::report::this_machine();
  run.toolkit = ks::cli::version();
  run.commit = environment("KS_COMMIT");
  if (const std::string file = text_option(options, "identity"); !file.empty()) {
    if (auto ok = take_identity(file, run); !ok) return tl::make_unexpected(ok.error());
  }
  if (auto ok = ks::report::begin_run(*dir, run); !ok) return tl::make_unexpected(ok.error());
  return ExitStatus::kPassed;
}

// --- record ---

po::options_description record_options() {
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

Result<ks::report::Result> recorded_result(const po::variables_map& options,
                                           const ks::report::Run& run) {
  const auto status = ks::report::parse_status(text_option(options, "status"));
  if (!status || *status == ks::report::Status::kPass) {
    return fail("not a status to record '" + text_option(options, "status") + "'", "--status",
                "choose skip, inconclusive, error or fail");
  }
  ks::report::Result result = ks::tool::new_result(run.run_id);
  result.check = text_option(options, "check", result.check);
  result.client = text_option(options, "client", result.client);
  result.step = text_option(options, "step", result.step);
  result.title = text_option(options, "title", result.title);
  if (result.check.empty()) return fail("give the name of the check", "--check");
  const std::string reason = text_option(options, "reason");
  if (reason.empty()) return fail("give the reason", "--reason");
  result.lower_to(*status, reason);
  result.stage = ks::report::to_string(run.stage);
  result.target = run.target;
  result.profile = run.profile;
  result.brokers = run.brokers;
  result.broker = run.broker;
  result.tool = ks::cli::program();
  return result;
}

// What is recorded worsens the result that is there, and keeps its figures.
Result<ExitStatus> record(const po::variables_map& options) {
  const auto dir = only_folder(options);
  if (!dir) return tl::make_unexpected(dir.error());
  const auto run = ks::report::read_run(*dir);
  if (!run) return tl::make_unexpected(run.error());
  auto result = recorded_result(options, *run);
  if (!result) return tl::make_unexpected(result.error());
  const fs::path file = *dir / ks::report::kResultsDir /
                        (file_part(result->check) + "." + file_part(result->client) + "." +
                         file_part(result->step) + ".json");
  std::error_code ignored;
  if (fs::exists(file, ignored)) {
    auto earlier = ks::report::read_result(file);
    if (!earlier) return tl::make_unexpected(earlier.error());
    earlier->lower_to(result->status, result->reason);
    result = std::move(earlier);
  }
  if (auto ok = ks::report::write_result(file, *result); !ok) {
    return tl::make_unexpected(ok.error());
  }
  return ExitStatus::kPassed;
}

// --- merge ---

po::options_description merge_options() {
  po::options_description options("Options of merge");
  auto add = options.add_options();
  add("output,o", po::value<std::string>(), "folder for the reports; default: the run folder");
  add("stages", po::value<std::string>(), "list of checks; default: gates/stages.json");
  add("json", po::value<std::string>(), "also write the summary to a file, or - for stdout");
  add("interrupted", po::value<std::string>(), "the run ended early, and why: it cannot pass");
  add("latest", "point the link 'latest' beside the run folder at it, if it is complete");
  return options;
}

Result<ks::report::Manifest> load_manifest(const po::variables_map& options) {
  constexpr const char* kName = "gates/stages.json";
  const std::string given = text_option(options, "stages");
  const fs::path path = given.empty() ? ks::cli::find_in_project(kName) : fs::path(given);
  if (path.empty()) return fail("no list of checks", kName, "give --stages or set KS_HOME");
  return ks::report::read_manifest(path);
}

Result<fs::path> output_folder(const po::variables_map& options,
                               const std::vector<fs::path>& dirs) {
  const std::string given = text_option(options, "output");
  if (!given.empty()) return fs::path(given);
  if (dirs.size() == 1) return dirs.front();
  return fail("several run folders need a folder for their report", {}, "name one with -o");
}

// Kept in the folder: a later merge of it must not pass either.
Result<void> mark_interrupted(const std::vector<fs::path>& dirs, const std::string& reason) {
  for (const fs::path& dir : dirs) {
    auto run = ks::report::read_run(dir);
    if (!run) return tl::make_unexpected(run.error());
    run->interrupted = reason;
    if (auto ok = ks::report::write_run(dir, *run); !ok) return ok;
  }
  return {};
}

void print_verdict(const ks::report::Summary& summary, const fs::path& out) {
  const auto& verdict = summary.verdict;
  for (const ks::report::Reason& reason : verdict.reasons) {
    std::cout << to_string(reason.status) << ": " << reason.text << "\n";
  }
  std::cout << to_string(verdict.status) << ": " << decision(summary.run, verdict.status) << ", "
            << ks::report::tally(summary.rows) << "\n";
  if (const std::string text = notice(summary.run); !text.empty()) std::cout << text << "\n";
  std::cout << "report: " << (out / "report.html").string() << "\n";
}

Result<void> publish(const po::variables_map& options, const ks::report::Summary& summary,
                     const fs::path& out) {
  if (auto ok = ks::report::write_reports(summary, out); !ok) return ok;
  const std::string json = text_option(options, "json");
  if (!json.empty()) {
    const std::string text = ks::report::dump_redacted(to_json(summary));
    if (auto ok = ks::cli::write_file(json, text); !ok) return ok;
  }
  if (json != "-" && options.count("quiet") == 0) print_verdict(summary, out);
  if (options.count("latest") != 0 && summary.run.interrupted.empty()) {
    return ks::report::point_latest_at(out);
  }
  return {};
}

Result<ExitStatus> merge(const po::variables_map& options) {
  const auto words = option_or<Words>(options, "word", {});
  const std::vector<fs::path> dirs(words.begin(), words.end());
  if (dirs.empty()) return fail("give a run folder", {}, "see --help");
  const auto out = output_folder(options, dirs);
  if (!out) return tl::make_unexpected(out.error());
  const auto manifest = load_manifest(options);
  if (!manifest) return tl::make_unexpected(manifest.error());
  if (const std::string reason = text_option(options, "interrupted"); !reason.empty()) {
    if (auto ok = mark_interrupted(dirs, reason); !ok) return tl::make_unexpected(ok.error());
  }
  const auto evidence = ks::report::read_evidence(dirs);
  if (!evidence) return tl::make_unexpected(evidence.error());
  const auto summary = ks::report::summarize(*manifest, *evidence, *out, name_of(*out));
  if (auto ok = publish(options, summary, *out); !ok) return tl::make_unexpected(ok.error());
  return ks::report::exit_status(summary.verdict.status);
}

// --- main ---

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
            << begin_options() << "\n"
            << record_options() << "\n"
            << merge_options() << "\n"
            << common_options();
}

Command command_of(const std::string& name) {
  if (name == "begin") return {begin_options(), begin};
  if (name == "record") return {record_options(), record};
  return {merge_options(), merge};
}

Result<ExitStatus> run(int argc, const char* const* argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  const bool is_named = name == "begin" || name == "record" || name == "merge";
  const Command command = command_of(name);
  po::options_description all;
  all.add(command.options).add(common_options());
  const int skip = is_named ? 1 : 0;
  const auto options = ks::cli::parse_command_line(argc - skip, argv + skip, all);
  if (!options) return tl::make_unexpected(options.error());
  if (options->count("help") != 0) return print_help(), ExitStatus::kPassed;
  if (options->count("version") != 0) {
    std::cout << ks::cli::program() << " " << ks::cli::version() << "\n";
    return ExitStatus::kPassed;
  }
  if (options->count("quiet") != 0) ks::cli::set_verbosity(ks::cli::Verbosity::kQuiet);
  if (options->count("verbose") != 0) ks::cli::set_verbosity(ks::cli::Verbosity::kVerbose);
  return command.run(*options);
}

}  // namespace

int main(int argc, char** argv) {
  ks::cli::set_program("ks-report");
  const auto status = run(argc, argv);
  if (status) return static_cast<int>(*status);
  ks::cli::log_error(status.error().message());
  return static_cast<int>(ExitStatus::kCannotRun);
}
