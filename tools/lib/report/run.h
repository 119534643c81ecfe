#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/report/machine.h"
#include "lib/report/manifest.h"
#include "lib/report/result.h"

namespace ks::report {

inline constexpr const char* kRunFile = "run.json";
inline constexpr const char* kResultsDir = "results";
inline constexpr const char* kLogsDir = "logs";

// A scenario file of a run of scenarios: it is judged as a check, under its own profile.
struct ScenarioRef {
  std::string check;
  std::string title;
  std::string file;
  std::string sha256;  // of the file
  std::string profile;
  std::string target;
  std::string client;
  std::vector<std::string> brokers;
};

// What a run is about, and where it ran: DIR/run.json (reports/schema/run-v1.json).
struct Run {
  std::string run_id;
  Stage stage = Stage::kPr;
  std::string target;  // kafscale | kafka
  std::string profile;
  std::vector<std::string> brokers;
  std::vector<std::string> clients;
  // Of a validation: the checks that were asked for alone; empty: all.
  std::vector<std::string> only;
  Broker broker;
  std::string cluster_id;
  bool kafscale_gate = false;  // the target is kafscale, and a KafScale answered
  bool full_time = false;      // at the durations a release decision needs
  std::map<std::string, std::int64_t> durations_s;  // of faults, as the profile has them
  std::string store;               // the profile's object store; empty: it has none
  std::string metrics_url;         // the profile's; empty: it has none
  std::int64_t started_at_ns = 0;  // wall clock
  Machine machine;
  std::string toolkit;                // version
  std::string commit;                 // of what is under test; may be empty
  std::string seed;                   // of what was left to chance; may be empty
  std::vector<std::string> demanded;  // checks that run on demand, and were asked for
  bool ended = false;                 // whoever began it saw its checks end
  std::string interrupted;            // why the run ended early; empty: it did not
  std::string failure;  // what went wrong, as seen by what ran the checks; empty: nothing
  // Of a run of scenarios, which is no gate; empty: it is one.
  std::vector<ScenarioRef> scenarios;

  bool is_gate() const { return scenarios.empty(); }
  // What is no stage of the release gate does not ask the five questions.
  bool asks_questions() const { return is_gate() && !is_validation(stage); }
  // The scenario that is judged as this check; null: none.
  const ScenarioRef* scenario(const std::string& check) const;
};

// Whether figures of both are of one thing: target, profile, product and build are the same.
bool is_alike(const Run& a, const Run& b);

// Which of two runs that are alike a page is rather made of: that at full time, else the newer.
bool is_preferred(const Run& a, const Run& b);

// Of those that are alike the newest run, the one that is preferred; null: there are none.
const Run* preferred_run(const std::vector<Run>& runs);

// The clients that scenarios run with, each once.
std::vector<std::string> clients_of(const std::vector<ScenarioRef>& scenarios);

nlohmann::ordered_json to_json(const Run& run);

nlohmann::ordered_json to_json(const ScenarioRef& scenario);
// Throws nlohmann's exceptions where that is none.
ScenarioRef scenario_from_json(const nlohmann::ordered_json& json);

// Makes the run folder with its sub-folders and run.json. A folder that already has one is refused:
// two runs in one folder could not be told apart.
cli::Result<void> begin_run(const std::filesystem::path& dir, const Run& run);

// The run's checks have ended. What it says of an earlier end stays.
cli::Result<void> end_run(const std::filesystem::path& dir, const std::string& interrupted,
                          const std::string& failure);

// Errors name the file.
cli::Result<Run> read_run(const std::filesystem::path& dir);
cli::Result<void> write_run(const std::filesystem::path& dir, const Run& run);

}  // namespace ks::report
