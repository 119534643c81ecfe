#include <set>

#include "lib/scenario/plan.h"

namespace ks::scenario {
namespace {

using Words = std::vector<std::string>;

constexpr std::chrono::seconds kReadBackTime{600};

}  // namespace

Words produced_topics(const Scenario& scenario, const std::string& run_id) {
  std::set<std::string> names;
  for (const Traffic& traffic : scenario.traffic) {
    if (traffic.type == Type::kProduce) names.insert(with_run_id(traffic.topic, run_id));
  }
  return {names.begin(), names.end()};
}

std::vector<StepPlan> plan_verification(const Scenario& scenario, const PlanContext& context) {
  if (context.history.empty()) return {};
  std::vector<StepPlan> out;
  const auto step = [&](const std::string& name, Words argv) {
    if (argv.front() != "ks-verify") argv = as_client(std::move(argv), context);
    out.push_back({name, std::move(argv), kReadBackTime + kGrace, ""});
  };
  const Words topics = produced_topics(scenario, context.run_id);
  for (std::size_t i = 0; i < topics.size(); ++i) {
    const std::string suffix = topics.size() == 1 ? "" : "_" + std::to_string(i + 1);
    Words read{"ks-consume", "-t",
               topics[i],    "-e",
               "--format",   "none",
               "--timeout",  std::to_string(kReadBackTime.count()) + "s",
               "--history",  context.history.string()};
    const auto before = context.ends_before.find(topics[i]);
    if (before != context.ends_before.end()) {
      read.insert(read.end(), {"--from-ends", before->second.string()});
    }
    step("read_back" + suffix, std::move(read));
    step("ends" + suffix,
         {"ks-offsets", "list", "-t", topics[i], "--history", context.history.string()});
  }
  // What any of the checks may allow is no violation of the step's; each check judges for itself.
  Words argv{"ks-verify", context.history.string(),  "--allow", "duplicate=explained",
             "--allow",   "producer-order=explained"};
  for (const Check& check : scenario.checks) {
    for (const std::string& allowance : check.allow) {
      argv.insert(argv.end(), {"--allow", allowance});
    }
  }
  step("verify", std::move(argv));
  return out;
}

}  // namespace ks::scenario
