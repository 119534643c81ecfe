#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/report/run.h"
#include "lib/scenario/commands.h"
#include "lib/scenario/judge.h"
#include "lib/scenario/steps.h"
#include "lib/target/profile.h"

// What every run of scenario files has in common, whoever runs the traffic: its folder and its
// report.
namespace ks::scenario {

struct RunHome {
  std::string run_id;
  std::filesystem::path dir;

  // Where errands leave what they say.
  CheckPlace place() const { return {dir, run_id, "run", "none", ""}; }
};

// The id that --run-id and KS_RUN_ID give, or a new one.
cli::Result<std::string> run_id_of(const cli::po::variables_map& options);

// A new folder below KS_REPORTS, and a seed for what is left to chance.
cli::Result<RunHome> open_run_home(const cli::po::variables_map& options);

// The client of what names none: the one that is asked for, the scenario's, or the first of the
// profile's that the executables have. Errors: there is no such client.
cli::Result<std::string> client_of(const Scenario& scenario, const target::Profile& profile,
                                   const cli::po::variables_map& options);

// Says what the run is about; `checksums` as of a Suite.
cli::Result<void> begin_run(const RunHome& home, const std::vector<report::ScenarioRef>& scenarios,
                            const std::string& checksums);

// Prints what a check of a scenario came to, where that is wanted.
void print_outcome(const cli::po::variables_map& options, const std::string& check,
                   const Outcome& outcome);

// Ends the run, reports it, and prints its verdict; the status is the verdict's, or 128 + `signal`
// (0: it was not interrupted).
Ended report_run(const RunHome& home, const cli::po::variables_map& options, int signal);

}  // namespace ks::scenario
