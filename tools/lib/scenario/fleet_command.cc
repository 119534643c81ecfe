#include "lib/cli/clock.h"
#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/output.h"
#include "lib/cli/signals.h"
#include "lib/scenario/conduct.h"
#include "lib/scenario/fleet_table.h"
#include "lib/scenario/place.h"
#include "lib/scenario/run_folder.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

constexpr std::uint64_t kMostWorkers = 10'000;

std::string text(const po::variables_map& options, const char* name) {
  return cli::option_or<std::string>(options, name, "");
}

// Steps of one name would be one result, also those that only a fleet has.
Result<void> require_names(const Scenario& scenario) {
  std::set<std::string> seen{"workers"};
  for (const std::string& name : other_step_names(scenario)) seen.insert(name);
  for (const Traffic& traffic : scenario.traffic) {
    Words names = step_names(traffic);
    if (traffic.clients > 1) names.push_back(traffic.name);
    for (const std::string& name : names) {
      if (seen.insert(name).second) continue;
      return cli::fail("two steps of the fleet have the name '" + name + "'", scenario.file,
                       "rename the scenario '" + traffic.name + "'");
    }
  }
  return {};
}

// The page from before would lie on another machine than the one that is looked at afterwards.
Result<void> require_nothing_moves(const Scenario& scenario) {
  for (const Check& check : scenario.checks) {
    if (!check.moves) continue;
    return cli::fail("a fleet does not see whether a metric moves", scenario.file,
                     "leave out 'moves', or run it without a fleet");
  }
  return {};
}

Conduct conduct_of(const RunHome& home, const SuiteFile& file, const Place& place,
                   const std::string& client, cli::Progress& progress) {
  return {{home.dir, home.run_id, file.check, client, file.scenario.title},
          file.sha256,
          place.profile.name,
          place.profile.brokers,
          place.profile.metrics_url,
          0,
          &progress,
          {}};
}

// The copy that workers are given and the judge reads, with what lies beside it.
Result<fs::path> keep_file(const SuiteFile& file, const RunHome& home) {
  const fs::path folder = home.dir / kScenarioDir;
  std::error_code error;
  fs::create_directories(folder, error);
  for (const fs::path& from : {file.path, file.path.parent_path() / kFolderProfiles}) {
    if (from != file.path && !fs::exists(from, error)) continue;
    fs::copy_file(from, folder / from.filename(), error);
    if (error) return cli::fail("cannot copy", from.string(), error.message());
  }
  return fs::path(kScenarioDir) / file.path.filename();
}

// ---- prepare ------------------------------------------------------------------------------------

Result<std::uint32_t> workers_of(const po::variables_map& options) {
  const std::uint64_t count = cli::option_or<cli::CountArg>(options, "workers", {}).value;
  if (count > 0 && count <= kMostWorkers) return static_cast<std::uint32_t>(count);
  return cli::fail("no number of workers", "--workers", "give one from 1 to 10000");
}

Ended prepare_file(const SuiteFile& file, const po::variables_map& options) {
  const auto workers = workers_of(options);
  if (!workers) return tl::make_unexpected(workers.error());
  const Scenario scenario = in_fleet(file.scenario, *workers);
  if (auto ok = require_names(scenario); !ok) return tl::make_unexpected(ok.error());
  if (auto ok = require_nothing_moves(scenario); !ok) return tl::make_unexpected(ok.error());
  const auto home = open_run_home(options);
  if (!home) return tl::make_unexpected(home.error());
  const auto place = place_of(file.scenario, {text(options, "profile"), text(options, "brokers")},
                              home->dir / kScenarioDir);
  const auto give_up = [&home](const cli::Error& why) -> Ended {
    std::error_code ignored;
    fs::remove_all(home->dir, ignored);  // nothing is in it that anybody could use
    return tl::make_unexpected(why);
  };
  if (!place) return give_up(place.error());
  if (place->is_embedded) {
    return give_up({"a fleet needs brokers that outlive a process", "profile embedded",
                    "use make up PROFILE=embedded, and give -b the address that it prints"});
  }
  const auto client = client_of(scenario, place->profile, options);
  if (!client) return give_up(client.error());
  const ScopedEnvironment scope(place->environment);
  const auto kept = keep_file(file, *home);
  if (!kept) return tl::make_unexpected(kept.error());
  const report::ScenarioRef ref{
      file.check,  scenario.title,        kept->string(),
      file.sha256, place->profile.name,   std::string(target::to_string(place->profile.target)),
      *client,     place->profile.brokers};
  const std::string checksums = file.sha256 + "  " + kept->string() + "\n";
  if (auto ok = begin_run(*home, {ref}, checksums); !ok) return tl::make_unexpected(ok.error());
  cli::Progress progress;
  auto prepared = prepare(scenario, conduct_of(*home, file, *place, *client, progress));
  progress.clear();
  if (!prepared) return tl::make_unexpected(prepared.error());
  const FleetPlan plan{home->run_id, *workers,           *kept,    file.sha256,
                       *client,      place->environment, *prepared};
  if (auto ok = write_fleet_plan(home->dir, plan); !ok) return tl::make_unexpected(ok.error());
  cli::print(home->dir.string() + "\n");
  return static_cast<int>(prepared->is_well ? cli::ExitStatus::kPassed
                                            : cli::ExitStatus::kInconclusive);
}

// ---- judge --------------------------------------------------------------------------------------

int interruption(const po::variables_map& options) {
  const auto given = cli::option_or<cli::CountArg>(options, "interrupted", {}).value;
  return given != 0 ? static_cast<int>(given) : cli::stop_signal();
}

class FleetJudge {
 public:
  FleetJudge(RunHome home, FleetPlan plan, const SuiteFile& file, const po::variables_map& options)
      : home_(std::move(home)),
        plan_(std::move(plan)),
        file_(file),
        options_(options),
        scenario_(in_fleet(file.scenario, plan_.workers)) {}

  Ended judge() {
    auto place = place_of(file_.scenario, {}, home_.dir / kScenarioDir);
    if (!place) return tl::make_unexpected(place.error());
    const Conduct conduct = conduct_of(home_, file_, *place, plan_.client, progress_);
    const std::string here = new_worker_report("", {}).boot_id;
    const auto workers = read_workers(home_.dir, plan_, here);
    auto whole = merge(workers, conduct.place);
    if (!whole) return tl::make_unexpected(whole.error());
    const auto outcomes = judge_whole(scenario_, conduct, plan_.prepared, *whole);
    progress_.clear();
    if (!outcomes) return tl::make_unexpected(outcomes.error());
    for (const Outcome& outcome : *outcomes) print_outcome(options_, file_.check, outcome);
    return report_run(home_, options_, interruption(options_));
  }

 private:
  Result<Whole> merge(const std::vector<FleetWorker>& workers, const CheckPlace& place) {
    if (!plan_.prepared.is_well) return nothing();
    auto merged = merge_workers(scenario_, place, workers, plan_.workers);
    if (!merged) return tl::make_unexpected(merged.error());
    auto result = workers_result(place, workers, *merged);
    // What is wrong with a worker explains what is wrong with its steps, and is told first.
    result.started_at_ns = plan_.prepared.started_ms * 1'000'000;
    if (auto ok = report::write_result(place.result("workers"), result); !ok) {
      return tl::make_unexpected(ok.error());
    }
    Whole whole = std::move(merged->whole);
    whole.steps.emplace_back("workers");
    const FleetWord word = word_of(workers);
    // Two records of one identity would be the broker's duplicates to the checker.
    if (!word.wrong.empty()) whole.was_sent = false;
    whole.is_interrupted = interruption(options_) != 0;
    whole.doubt = [this, word](std::vector<Outcome>& outcomes) {
      doubt(scenario_, word, outcomes);
    };
    return whole;
  }

  // Where the preparation failed, its steps say why, and nobody was started.
  Whole nothing() const {
    Whole whole;
    for (const Traffic& each : scenario_.traffic) whole.figures.push_back(figures_of(each, {}));
    return whole;
  }

  RunHome home_;
  FleetPlan plan_;
  const SuiteFile& file_;
  const po::variables_map& options_;
  Scenario scenario_;
  cli::Progress progress_;
};

}  // namespace

Ended prepare_command(const po::variables_map& options, const Words& words) {
  if (words.size() != 1) return cli::fail("give one scenario file", "prepare", "see --help");
  const auto suite = read_suite({words.front()});
  if (!suite) return tl::make_unexpected(suite.error());
  if (!suite->complaints.empty()) return tell_complaints(*suite);
  if (suite->files.size() != 1) return cli::fail("not one scenario", words.front(), "give a file");
  return prepare_file(suite->files.front(), options);
}

Ended judge_command(const po::variables_map& options, const Words& words) {
  if (words.size() != 1) return cli::fail("give one run folder", "judge", "see --help");
  std::error_code error;
  const fs::path dir = fs::canonical(words.front(), error);
  if (error) return cli::fail("cannot read", words.front(), error.message());
  auto plan = read_fleet_plan(dir);
  if (!plan) return tl::make_unexpected(plan.error());
  const auto suite = read_suite({dir / plan->file});
  if (!suite) return tl::make_unexpected(suite.error());
  if (!suite->complaints.empty()) return tell_complaints(*suite);
  if (suite->files.empty() || suite->files.front().sha256 != plan->sha256) {
    return cli::fail("not the scenario that was prepared", (dir / plan->file).string(),
                     "prepare a new run");
  }
  const RunHome home{plan->run_id, dir};
  const auto environment = plan->environment;
  const ScopedEnvironment scope(environment);
  return FleetJudge(home, std::move(*plan), suite->files.front(), options).judge();
}

}  // namespace ks::scenario
