#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/options.h"
#include "lib/scenario/read.h"

// Which executables a scenario comes to, with which arguments. Nothing here runs anything.
namespace ks::scenario {

// One process: its arguments begin with the executable's name.
struct StepPlan {
  std::string name;  // within its check
  std::vector<std::string> argv;
  Duration bound{};   // after which it is ended
  std::string tally;  // the file that it counts in; empty: none
};

// Where a scenario's run leaves what it writes, and who it is.
struct PlanContext {
  std::string run_id;
  std::string client;             // of what names none
  std::string principal;          // the file's; empty: nobody
  std::filesystem::path history;  // empty: nothing is recorded
  std::filesystem::path work;     // folder for values and tallies
  std::string seed;               // what is left to chance
  std::string replication = "1";  // of topics that say nothing
  std::string metrics_url;        // the profile's
  // By topic that was there before: the result that has its ends before anything was sent.
  std::map<std::string, std::filesystem::path> ends_before;
  cli::ShardArg shard;  // of a fleet, which part is done here; by itself the whole
};

// `text` with {{run_id}} filled in.
std::string with_run_id(const std::string& text, const std::string& run_id);

// The i-th of `count` equal shares; the first ones take what does not divide.
std::uint64_t share_of(std::uint64_t total, std::uint64_t index, std::uint64_t count);

// The processes of a scenario: one a client. `first_producer` is the number that the first of them
// gets in its records' identities.
std::vector<StepPlan> plan_traffic(const Traffic& traffic, const Scenario& scenario,
                                   const PlanContext& context, std::uint64_t first_producer);
// How many numbers that takes.
std::uint64_t producers_of(const Traffic& traffic);

// `number` counts from 1.
StepPlan plan_fault(const Fault& fault, std::size_t number, const PlanContext& context);

// What takes the page to which a check compares that of this scenario; nothing where none does.
std::optional<StepPlan> plan_page_before(const Traffic& metrics, const Scenario& scenario,
                                         const PlanContext& context);

// A command of ks-admin or ks-offsets, as who connects where nobody says otherwise.
std::vector<std::string> as_client(std::vector<std::string> argv, const PlanContext& context);

// What makes a topic; what asks whether it is there, and whether it is gone, is ks-admin's, too.
StepPlan plan_create(const Topic& topic, std::size_t number, const PlanContext& context);

// The topics that are produced to, by name, with the run's id filled in.
std::vector<std::string> produced_topics(const Scenario& scenario, const std::string& run_id);

// After the traffic: a fresh client reads every topic that was produced to, one that was there
// before from where it ended then, its ends are asked for, and the history is judged. Empty where
// nothing needs it.
std::vector<StepPlan> plan_verification(const Scenario& scenario, const PlanContext& context);

// The names of a scenario's own steps, one a client, and of all others that there may be beside
// them: two of a name would be one result.
std::vector<std::string> step_names(const Traffic& traffic);
std::vector<std::string> other_step_names(const Scenario& scenario);

}  // namespace ks::scenario
