#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/report/result.h"
#include "lib/scenario/plan.h"

// Runs steps in a run folder, as gates/lib/check.sh does: each is one executable, which writes its
// own result; what dies without one has an error in its place.
namespace ks::scenario {

// Where a step's result goes, and who it is of.
struct CheckPlace {
  std::filesystem::path run_folder;
  std::string run_id;
  std::string check;
  std::string client;
  std::string title;

  std::filesystem::path result(const std::string& step) const;
  std::filesystem::path log(const std::string& step) const;
};

// The executables beside this one.
std::filesystem::path sibling(const std::string& name);

// A step that runs, or ran.
class Step {
 public:
  // Errors: it cannot be started.
  static cli::Result<Step> start(StepPlan plan, const CheckPlace& place);

  // Looks whether it ended, and ends it where its time is over; true: it ended, and has a result.
  bool poll();
  // Asks it to end; its own result then says how it went.
  void stop();
  // Ends it at once.
  void kill();

  bool has_ended() const { return ended_; }
  const std::string& name() const { return plan_.name; }
  const report::Result& result() const { return result_; }

 private:
  Step(StepPlan plan, CheckPlace place) : plan_(std::move(plan)), place_(std::move(place)) {}
  void take_result(int exit_status);

  StepPlan plan_;
  CheckPlace place_;
  pid_t pid_ = 0;
  cli::Deadline overdue_;
  cli::Deadline kill_at_ = cli::Deadline::max();
  bool is_overdue_ = false;
  bool is_stopped_ = false;
  bool ended_ = false;
  report::Result result_;
};

// Runs one step to its end, or to that which a signal asks for; `meanwhile` is called often.
cli::Result<report::Result> run_step(const StepPlan& plan, const CheckPlace& place,
                                     const std::function<void()>& meanwhile);

// Runs an errand that has no result of its own in the run folder: its output goes to the check's
// log of errands. Gives its exit status.
cli::Result<int> run_errand(const std::vector<std::string>& argv, const CheckPlace& place,
                            Duration bound);

// A result for what no executable wrote one for.
cli::Result<void> record(const CheckPlace& place, const std::string& step, report::Status status,
                         const std::string& reason);

}  // namespace ks::scenario
