#include "lib/report/evidence.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "lib/cli/file.h"
#include "lib/cli/folder.h"

namespace ks::report {
namespace {

namespace fs = std::filesystem;

// A folder that cannot be read is a problem like a file that cannot.
std::vector<fs::path> files_in(const fs::path& dir, std::vector<Problem>& problems) {
  auto files = cli::entries_in(dir);
  if (files) return std::move(*files);
  files.error().where.clear();
  problems.push_back({dir, files.error().message()});
  return {};
}

// Whether both are known and not the same. A tool that failed early knows neither target nor
// broker.
bool differ(const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && a != b;
}

// A product is only known where a tool could tell.
bool differ_product(const std::string& a, const std::string& b) {
  const auto known = [](const std::string& product) { return product != "unknown"; };
  return known(a) && known(b) && differ(a, b);
}

// A result of something else than the run was begun for: the wrong system must not be blessed.
cli::Result<void> belongs_to(const Run& run, const Step& step) {
  const Result& result = step.result;
  const auto refuse = [&](const std::string& what, const std::string& ours,
                          const std::string& theirs) {
    return cli::fail("result of another " + what, step.file.string(),
                     "the run is of '" + ours + "', the result of '" + theirs + "'");
  };
  // Each scenario may be of another environment; its own is the only one that it may be of.
  if (!run.is_gate()) {
    const ScenarioRef* const scenario = run.scenario(result.check);
    if (scenario == nullptr || !differ(result.profile, scenario->profile)) return {};
    return refuse("profile", scenario->profile, result.profile);
  }
  if (differ(result.target, run.target)) return refuse("target", run.target, result.target);
  if (differ(result.profile, run.profile)) return refuse("profile", run.profile, result.profile);
  if (differ_product(result.broker.product, run.broker.product)) {
    return refuse("product", run.broker.product, result.broker.product);
  }
  return {};
}

// The part of `name` inside a run folder that may have been moved since.
std::string name_in_run(const std::string& run_id, const std::string& name) {
  const std::string folder = "/" + run_id + "/";
  const std::size_t at = name.rfind(folder);
  return at == std::string::npos ? name : name.substr(at + folder.size());
}

// The file that a tool named, if it lies in the run folder. Tools name files as seen from where
// they ran, or from the run folder.
std::optional<fs::path> find_in(const fs::path& dir, const std::string& run_id,
                                const std::string& name) {
  std::error_code ignored;
  const fs::path root = fs::weakly_canonical(dir, ignored);
  for (const fs::path& candidate : {dir / name_in_run(run_id, name), fs::path(name)}) {
    fs::path file = fs::weakly_canonical(candidate, ignored);
    const bool inside =
        std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first == root.end();
    if (inside && fs::exists(file, ignored)) return file;
  }
  return std::nullopt;
}

// A series that is told of and not there is a problem of the step's timeline.
Series read_series(const fs::path& dir, const Result& result) {
  if (result.series.empty()) return {};
  const auto file = find_in(dir, result.run_id, result.series);
  if (!file) return {{}, {}, "not in the run folder: " + result.series};
  const auto lines = cli::read_file(*file);
  if (!lines) return {{}, {}, lines.error().message()};
  return parse_series(*lines);
}

void attach_files(const fs::path& dir, Step& step) {
  std::vector<std::string> elsewhere;
  if (!step.result.series.empty()) step.result.artifacts.push_back(step.result.series);
  for (const std::string& name : step.result.artifacts) {
    if (auto file = find_in(dir, step.result.run_id, name)) {
      step.attachments.push_back(std::move(*file));
    } else {
      elsewhere.push_back(name);
    }
  }
  step.result.artifacts = std::move(elsewhere);
  // What the tool printed lies in a log of the result's name.
  const fs::path log = dir / kLogsDir / step.file.stem().concat(".log");
  std::error_code ignored;
  if (fs::exists(log, ignored)) step.attachments.push_back(log);
}

// A step, or a check's end.
cli::Result<void> read_result_file(const fs::path& file, RunFolder& folder,
                                   std::vector<Result>& ends) {
  auto result = read_result(file);
  if (!result) {
    result.error().where.clear();
    folder.problems.push_back({file, result.error().message()});
    return {};
  }
  if (result->check.empty() || result->client.empty()) {
    folder.problems.push_back({file, "the result names no check or no client"});
    return {};
  }
  if (result->run_id != folder.run.run_id) {
    folder.problems.push_back({file, "result of another run, " + result->run_id});
    return {};
  }
  Step step;
  step.file = file;
  step.disturbances = parse_disturbances(result->data);
  step.repeats = parse_repeats(result->data);
  step.changes = parse_change_capture(result->data);
  if (folder.run.scenario(result->check) != nullptr) {
    step.scenario = parse_scenario(*result);
    step.workers = parse_fleet_workers(*result);
  }
  step.result = std::move(*result);
  step.result.data = nullptr;  // tables and configurations: not part of a verdict, and may be large
  if (auto ok = belongs_to(folder.run, step); !ok) return ok;
  if (step.result.step == kEndStep) {
    ends.push_back(std::move(step.result));
    return {};
  }
  step.series = read_series(folder.dir, step.result);
  attach_files(folder.dir, step);
  folder.steps.push_back(std::move(step));
  return {};
}

// A run may have thousands of checks: each end meets the steps of its own only.
void match_ends(const std::vector<Result>& ends, RunFolder& folder) {
  std::map<std::string_view, std::vector<Step*>> steps;
  for (Step& step : folder.steps) {
    step.client = step.result.client;
    steps[step.result.check].push_back(&step);
  }
  for (const Result& end : ends) {
    const std::vector<Step*>& own = steps[end.check];
    folder.ends.push_back(judge_end(end, {own.begin(), own.end()}));
    for (Step* step : own) {
      if (step->is_covered || !covers(end, *step)) continue;
      step->is_covered = true;
      step->client = end.client;
    }
  }
}

std::set<std::string> builds_of(const RunFolder& folder) {
  std::set<std::string> builds;
  for (const Step& step : folder.steps) {
    if (!step.result.broker.build.empty()) builds.insert(step.result.broker.build);
  }
  return builds;
}

// Builds may differ within a run (a rolling upgrade has two), but runs without a build in common
// were made on different brokers.
bool share_build(const RunFolder& a, const RunFolder& b) {
  if (differ(a.run.broker.build, b.run.broker.build)) return false;
  const std::set<std::string> builds_a = builds_of(a);
  const std::set<std::string> builds_b = builds_of(b);
  if (builds_a.empty() || builds_b.empty()) return true;
  return std::any_of(builds_a.begin(), builds_a.end(),
                     [&](const std::string& build) { return builds_b.count(build) != 0; });
}

cli::Result<void> merges_with(const RunFolder& first, const RunFolder& other) {
  const std::string both = first.dir.string() + " and " + other.dir.string();
  const auto refuse = [&](const std::string& what) {
    return cli::fail("cannot merge runs of different " + what, both, "report them one by one");
  };
  if (first.run.run_id == other.run.run_id) {
    return cli::fail("the run is given twice", both, "name each run folder once");
  }
  if (first.run.is_gate() != other.run.is_gate()) {
    return refuse("kinds, a gate's and one of scenarios");
  }
  if (first.run.target != other.run.target) return refuse("targets");
  if (first.run.profile != other.run.profile) return refuse("profiles");
  if (stages_beside(first.run.stage).front() != stages_beside(other.run.stage).front()) {
    return refuse("validations");
  }
  if (differ_product(first.run.broker.product, other.run.broker.product)) {
    return refuse("products");
  }
  if (!share_build(first, other)) return refuse("broker builds");
  for (const ScenarioRef& scenario : other.run.scenarios) {
    const ScenarioRef* const same = first.run.scenario(scenario.check);
    if (same == nullptr) continue;
    if (same->sha256 != scenario.sha256) return refuse("files of scenario " + scenario.check);
    if (same->profile != scenario.profile) return refuse("profiles of scenario " + scenario.check);
  }
  return {};
}

void add_missing(const std::vector<std::string>& from, std::vector<std::string>& to) {
  for (const std::string& item : from) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

}  // namespace

cli::Result<RunFolder> read_run_folder(const fs::path& dir) {
  auto run = read_run(dir);
  if (!run) return tl::make_unexpected(run.error());
  RunFolder folder;
  folder.dir = dir;
  folder.run = std::move(*run);
  std::vector<Result> ends;
  for (const fs::path& file : files_in(dir / kResultsDir, folder.problems)) {
    if (file.extension() != ".json") continue;
    if (auto ok = read_result_file(file, folder, ends); !ok) return tl::make_unexpected(ok.error());
  }
  match_ends(ends, folder);
  std::stable_sort(folder.steps.begin(), folder.steps.end(), [](const Step& a, const Step& b) {
    return a.result.started_at_ns < b.result.started_at_ns;
  });
  folder.logs = files_in(dir / kLogsDir, folder.problems);
  return folder;
}

cli::Result<Evidence> read_evidence(const std::vector<fs::path>& dirs) {
  Evidence evidence;
  for (const fs::path& dir : dirs) {
    auto folder = read_run_folder(dir);
    if (!folder) return tl::make_unexpected(folder.error());
    evidence.push_back(std::move(*folder));
  }
  if (auto ok = can_be_merged(evidence); !ok) return tl::make_unexpected(ok.error());
  return evidence;
}

cli::Result<void> can_be_merged(const Evidence& evidence) {
  for (auto other = evidence.begin(); other != evidence.end(); ++other) {
    for (auto first = evidence.begin(); first != other; ++first) {
      if (auto ok = merges_with(*first, *other); !ok) return ok;
    }
  }
  return {};
}

Run merged_run(const Evidence& evidence) {
  Run run = evidence.front().run;
  const auto asks_all = [](const RunFolder& folder) { return folder.run.only.empty(); };
  if (std::ranges::any_of(evidence, asks_all)) run.only.clear();
  for (const RunFolder& folder : evidence) {
    const Run& other = folder.run;
    run.stage = std::max(run.stage, other.stage);
    add_missing(other.brokers, run.brokers);
    add_missing(other.clients, run.clients);
    if (!run.only.empty()) add_missing(other.only, run.only);
    add_missing(other.demanded, run.demanded);
    if (run.broker.build.empty()) {
      run.broker = other.broker;
      run.cluster_id = other.cluster_id;
    }
    run.kafscale_gate = run.kafscale_gate && other.kafscale_gate;
    run.full_time = run.full_time && other.full_time;
    run.started_at_ns = std::min(run.started_at_ns, other.started_at_ns);
    run.ended = run.ended && other.ended;
    if (run.interrupted.empty()) run.interrupted = other.interrupted;
    if (run.failure.empty()) run.failure = other.failure;
    for (const ScenarioRef& scenario : other.scenarios) {
      const auto is_same = [&](const ScenarioRef& known) {
        return known.check == scenario.check && known.client == scenario.client;
      };
      if (std::ranges::none_of(run.scenarios, is_same)) run.scenarios.push_back(scenario);
    }
  }
  return run;
}

}  // namespace ks::report
