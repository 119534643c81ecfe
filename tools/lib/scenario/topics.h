#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lib/scenario/errands.h"
#include "lib/scenario/plan.h"

namespace ks::scenario {

// What a scenario has in the cluster: its topics, and the groups of its members.
class Topics {
 public:
  Topics(const Scenario& scenario, const PlanContext& context, Errands& errands)
      : scenario_(scenario), context_(context), errands_(errands) {}

  // Makes those that the file lists, each as it says; ends early where one is not as it should be.
  // Errors: a step cannot be started.
  cli::Result<void> make();

  // Of those that are produced to and were there before: the results with their ends, by topic.
  cli::Result<std::map<std::string, std::filesystem::path>> ends_before();

  // What of it is not to be kept, and the same for who goes on with what another made.
  const std::vector<std::string>& to_remove() const { return to_remove_; }
  void take_over(std::vector<std::string> to_remove) { to_remove_ = std::move(to_remove); }

  // Removes what was made, and after traffic also what it made that has the run's id in its name.
  void remove(bool had_traffic);

 private:
  using Words = std::vector<std::string>;

  StepPlan admin(const std::string& name, std::size_t number, Words argv) const;
  cli::Result<void> make_one(const Topic& topic, std::size_t number);
  cli::Result<void> unmake(const std::string& name, std::size_t number);
  cli::Result<bool> exists(const std::string& step, const std::string& name, std::size_t number);
  void remove_all(const char* kind, const Words& names);

  const Scenario& scenario_;
  const PlanContext& context_;
  Errands& errands_;
  Words made_;
  Words to_remove_;
};

}  // namespace ks::scenario
