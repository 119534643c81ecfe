
#include "lib/cli/log.h"
#include "lib/cli/output.h"
#include "lib/cli/signals.h"
#include "lib/scenario/commands.h"
#include "lib/scenario/conduct.h"
#include "lib/scenario/embedded.h"
#include "lib/scenario/place.h"
#include "lib/scenario/run_folder.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

// A file, and where it is to run.
struct Turn {
  const SuiteFile* file = nullptr;
  Place place;
  std::string client;
};

class SuiteRun {
 public:
  SuiteRun(const Suite& suite, const po::variables_map& options)
      : suite_(suite), options_(options) {}

  Ended run() {
    auto home = open_run_home(options_);
    if (!home) return tl::make_unexpected(home.error());
    home_ = std::move(*home);
    if (auto ok = plan_turns(); !ok) {
      std::error_code ignored;
      fs::remove_all(home_.dir, ignored);  // nothing is in it that anybody could use
      return tl::make_unexpected(ok.error());
    }
    if (auto ok = start_embedded(); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = begin(); !ok) return tl::make_unexpected(ok.error());
    for (const Turn& turn : turns_) {
      if (cli::stop_signal() != 0) break;
      if (auto ok = take(turn); !ok) return tl::make_unexpected(ok.error());
    }
    return report_run(home_, options_, cli::stop_signal());
  }

 private:
  std::string text(const char* name, const std::string& otherwise = "") const {
    return cli::option_or<std::string>(options_, name, otherwise);
  }

  Result<void> plan_turns() {
    const PlaceOptions chosen{text("profile"), text("brokers")};
    for (const SuiteFile& file : suite_.files) {
      auto place = place_of(file.scenario, chosen, home_.dir / report::kLogsDir);
      if (!place) return tl::make_unexpected(place.error());
      auto own = client_of(file.scenario, place->profile, options_);
      if (!own) return tl::make_unexpected(own.error());
      turns_.push_back({&file, std::move(*place), std::move(*own)});
    }
    return {};
  }

  Result<void> start_embedded() {
    constexpr int kSeveral = 3;
    EmbeddedKafka::Kind kind;
    bool is_wanted = false;
    for (const Turn& turn : turns_) {
      if (!turn.place.is_embedded) continue;
      is_wanted = true;
      kind.has_principals = kind.has_principals || turn.file->scenario.needs_principals();
      // Others take over from a broker that is down; and the profile has a proxy before each of
      // three.
      for (const Fault& fault : turn.file->scenario.faults) {
        kind.nodes = kSeveral;
        kind.is_proxied = kind.is_proxied || !fault.is_of_brokers();
      }
    }
    if (!is_wanted) return {};
    const auto log = home_.dir / report::kLogsDir / "embedded.log";
    if (auto ok = kafka_.start(kind, log, progress_); !ok) return ok;
    for (Turn& turn : turns_) {
      if (!turn.place.is_embedded) continue;
      for (const auto& [name, value] : kafka_.environment()) turn.place.environment[name] = value;
      const ScopedEnvironment scope(turn.place.environment);
      auto profile = target::load_profile("");
      if (!profile) return tl::make_unexpected(profile.error());
      turn.place.profile = std::move(*profile);
    }
    return {};
  }

  Result<void> begin() {
    std::vector<report::ScenarioRef> scenarios;
    for (const Turn& turn : turns_) {
      const target::Profile& profile = turn.place.profile;
      scenarios.push_back({turn.file->check, turn.file->scenario.title, turn.file->path.string(),
                           turn.file->sha256, profile.name,
                           std::string(target::to_string(profile.target)), turn.client,
                           profile.brokers});
    }
    const ScopedEnvironment scope(turns_.front().place.environment);
    return begin_run(home_, scenarios, suite_.checksums);
  }

  Result<void> take(const Turn& turn) {
    const ScopedEnvironment scope(turn.place.environment);
    const target::Profile& profile = turn.place.profile;
    Conduct conduct{
        {home_.dir, home_.run_id, turn.file->check, turn.client, turn.file->scenario.title},
        turn.file->sha256,
        profile.name,
        profile.brokers,
        profile.metrics_url,
        next_producer_,
        &progress_,
        {}};
    for (const Traffic& traffic : turn.file->scenario.traffic)
      next_producer_ += producers_of(traffic);
    const auto outcomes = scenario::conduct(turn.file->scenario, conduct);
    progress_.clear();
    if (!outcomes) return tl::make_unexpected(outcomes.error());
    for (const Outcome& outcome : *outcomes) print_outcome(options_, turn.file->check, outcome);
    return cli::flush_output();
  }

  const Suite& suite_;
  const po::variables_map& options_;
  cli::Progress progress_;
  EmbeddedKafka kafka_;
  RunHome home_;
  std::vector<Turn> turns_;
  std::uint64_t next_producer_ = 0;
};

}  // namespace

int tell_complaints(const Suite& suite) {
  for (const cli::Error& complaint : suite.complaints) cli::log_error(complaint.message());
  return static_cast<int>(cli::ExitStatus::kCannotRun);
}

Ended run_files(const Suite& suite, const po::variables_map& options) {
  if (!suite.complaints.empty()) return tell_complaints(suite);
  return SuiteRun(suite, options).run();
}

Ended run_command(const po::variables_map& options, const Words& words) {
  if (words.size() != 1) return cli::fail("give one scenario file", "run", "see --help");
  std::error_code ignored;
  if (fs::is_directory(words.front(), ignored)) {
    return cli::fail("a folder and no file", words.front(), "use ks-run suite");
  }
  const auto suite = read_suite({words.front()});
  if (!suite) return tl::make_unexpected(suite.error());
  if (suite->files.empty() && suite->complaints.empty()) {
    return cli::fail("no scenario", words.front(), "give a scenario file");
  }
  return run_files(*suite, options);
}

Ended suite_command(const po::variables_map& options, const Words& words) {
  if (words.size() != 1) return cli::fail("give one folder", "suite", "see --help");
  std::error_code ignored;
  if (!fs::is_directory(words.front(), ignored)) {
    return cli::fail("not a folder", words.front(), "use ks-run run for a file");
  }
  const auto suite = read_suite({words.front()});
  if (!suite) return tl::make_unexpected(suite.error());
  return run_files(*suite, options);
}

}  // namespace ks::scenario
