#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lib/cli/error.h"

namespace ks::scenario {

inline constexpr const char* kFleetFile = "fleet.json";
inline constexpr const char* kWorkersDir = "workers";
inline constexpr const char* kScenarioDir = "scenario";

// How far the preparation of a scenario came, for who goes on with it.
struct Prepared {
  std::vector<std::string> steps;  // that have results
  bool is_well = true;             // the traffic can show something
  // By topic that was there before: the result that has its ends before anything was sent.
  std::map<std::string, std::filesystem::path> ends_before;
  std::vector<std::string> to_remove;  // topics that this run made
  std::string brokers_before;          // how many answered; empty: nobody needs to know
  std::string seed;                    // of what is left to chance
  std::int64_t started_ms = 0;         // wall clock
};

// What `ks-run prepare` leaves in the run folder for `ks-run judge`: fleet.json.
struct FleetPlan {
  std::string run_id;
  std::uint32_t workers = 0;
  std::filesystem::path file;  // the scenario file, as seen from the run folder
  std::string sha256;          // of it
  std::string client;
  // Of the place where the scenario runs: variables, of which empty ones are not set.
  std::map<std::string, std::string> environment;
  Prepared prepared;
};

cli::Result<void> write_fleet_plan(const std::filesystem::path& run_folder, const FleetPlan& plan);
// Errors name the file.
cli::Result<FleetPlan> read_fleet_plan(const std::filesystem::path& run_folder);

}  // namespace ks::scenario
