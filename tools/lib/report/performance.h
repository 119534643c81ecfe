#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/report/evidence.h"
#include "lib/report/repeats.h"

// The page that validations of performance leave behind: reports/performance-baseline.md.
namespace ks::report {

// One of a workload's runs, as it went on.
struct WorkloadRun {
  std::size_t number = 0;
  std::vector<Second> produced;    // of all that produced at the time, in order
  std::vector<Second> consumed;    // the same of what read
  std::vector<Reading> resources;  // of the brokers
};

// A workload on one client, as the newest run has it that came to its end.
struct Workload {
  std::string check;
  std::string title;
  std::string client;
  std::string client_version;
  Run run;
  std::string broke_off_in;               // a newer run that has no judgement of it; empty: none
  Status status = Status::kInconclusive;  // of all its steps, and of how it ended
  std::string reason;                     // of the worst one; empty where it passed
  bool is_change_data = false;            // its records were change data capture
  std::vector<Repeated> figures;          // by name
  Metrics merged;                         // what was judged: also of all runs together
  std::vector<Threshold> thresholds;
  std::vector<WorkloadRun> runs;
  std::vector<Finding> findings;  // of its steps, each once
  // Of each run that was judged by its history whether all that was acknowledged was read, by the
  // run's number.
  std::map<std::size_t, Status> kept;

  // Null: it was not measured.
  const Repeated* figure(const std::string& metric) const;
  double median(const std::string& metric, double otherwise = 0) const;
};

// A trial of the search for the highest rate.
struct Trial {
  Metrics figures;
};

struct Performance {
  Run run;                            // the newest of those that are used
  std::vector<Workload> workloads;    // in the manifest's order
  std::vector<CheckSpec> missing;     // workloads without a run
  std::vector<Trial> trials;          // by their rates; empty: the highest rate was not looked for
  Metrics highest;                    // what they came to
  std::vector<std::string> left_out;  // runs that are not alike (run.h), by their ids
};

// Of each workload the newest run at full time, else the newest. Runs that are of another target,
// profile, product or build than the newest are left out. Fails where none has a workload.
cli::Result<Performance> make_performance(const Manifest& manifest, const Evidence& folders);

// What follows from a figure: what was seen, what to change, and what that is expected to do.
struct Advice {
  std::string rule;      // its name
  std::string workload;  // the check; empty: all
  std::string figure;
  std::string setting;
  std::string effect;
};

// By rules that look at figures of the page alone; in the order of the rules.
std::vector<Advice> advice_on(const Performance& performance);
std::size_t count_rules();

// What could not be measured, and why, a line each.
std::vector<std::string> unmeasured_of(const Performance& performance);

std::string to_markdown(const Performance& performance);

}  // namespace ks::report
