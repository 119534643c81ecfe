#include "lib/scenario/errands.h"

namespace ks::scenario {

cli::Result<report::Result> Errands::step(const StepPlan& plan) {
  progress_->begin(place_.check + ": " + plan.name, plan.bound);
  auto result = run_step(plan, place_, [this] { progress_->tick(); });
  progress_->clear();
  if (!result) return result;
  add_step(plan.name);
  if (result->status != report::Status::kPass) spoil();
  return result;
}

cli::Result<void> Errands::errand(const std::vector<std::string>& argv, Duration bound) {
  const auto status = run_errand(argv, place_, bound);
  if (!status) return tl::make_unexpected(status.error());
  if (*status == 0) return {};
  return cli::fail(argv[0] + " " + argv[1] + " ended with status " + std::to_string(*status),
                   place_.log("errands").string(), "it tells why");
}

}  // namespace ks::scenario
