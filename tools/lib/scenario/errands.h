#pragma once

#include <string>
#include <vector>

#include "lib/cli/progress.h"
#include "lib/scenario/steps.h"

namespace ks::scenario {

// The steps of one scenario's check that run one after the other, and the errands between them.
class Errands {
 public:
  Errands(const CheckPlace& place, cli::Progress* progress) : place_(place), progress_(progress) {}

  // Runs a step; where it does not pass, all is no longer well. Errors: it cannot be started.
  cli::Result<report::Result> step(const StepPlan& plan);
  // Runs what has no result of its own. Errors: it failed.
  cli::Result<void> errand(const std::vector<std::string>& argv, Duration bound);

  // A step that ran elsewhere, or could not.
  void add_step(const std::string& name) { steps_.push_back(name); }
  void spoil() { is_well_ = false; }

  bool is_well() const { return is_well_; }  // what comes next can show something
  const std::vector<std::string>& steps() const { return steps_; }
  const CheckPlace& place() const { return place_; }
  cli::Progress& progress() { return *progress_; }

 private:
  const CheckPlace& place_;
  cli::Progress* progress_;
  std::vector<std::string> steps_;
  bool is_well_ = true;
};

inline constexpr Duration kErrandTime = std::chrono::seconds(60);

}  // namespace ks::scenario
