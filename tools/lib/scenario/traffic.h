#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/cli/progress.h"
#include "lib/cli/tally.h"
#include "lib/scenario/steps.h"

namespace ks::scenario {

// The part of a scenario in which things happen at the same time: its named scenarios, each at its
// time or behind another, and the faults.
class TrafficRun {
 public:
  TrafficRun(const Scenario& scenario, const PlanContext& context, const CheckPlace& place,
             std::uint64_t first_producer, cli::Progress* progress);

  // Returns when everything has ended. Where a step could not run, or a signal came, the others are
  // ended, too: what they would show is not what was asked for. Errors: one cannot be started.
  cli::Result<void> run();

  // The results of a scenario's clients that ran.
  std::vector<report::Result> results_of(const std::string& scenario) const;
  // Of every step that ran, faults included.
  std::vector<std::string> step_names() const;
  // Why it was broken off, "fault_1 could not run: …"; empty: it was not, or by a signal.
  std::string broken_off() const;

 private:
  struct Entry {
    const Traffic* traffic = nullptr;
    std::vector<StepPlan> plans;
    std::vector<Step> steps;
    cli::Deadline ended_at = cli::Deadline::max();  // later: it did not end yet
  };
  struct FaultEntry {
    const Fault* fault = nullptr;
    StepPlan plan;
    std::vector<Step> step;  // at most one
    bool is_missed = false;
  };

  bool is_due(const Entry& entry) const;
  cli::Result<void> start_due();
  cli::Result<void> start(const StepPlan& plan, std::vector<Step>& steps);
  void poll();
  void poll_entry(Entry& entry);
  bool traffic_ended() const;
  bool all_ended() const;
  void miss_faults();
  void judge_faults() const;
  void stop_all();
  std::string figures() const;

  const Scenario& scenario_;
  const CheckPlace& place_;
  cli::Progress* progress_;
  std::vector<Entry> entries_;
  std::vector<FaultEntry> faults_;
  std::map<std::string, cli::Tally> tallies_;  // by file
  cli::Deadline began_;
  bool is_aborted_ = false;
};

}  // namespace ks::scenario
