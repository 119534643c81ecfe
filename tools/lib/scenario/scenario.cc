#include "lib/scenario/scenario.h"

#include <algorithm>
#include <array>

namespace ks::scenario {

bool Fault::is_of_brokers() const {
  static constexpr std::array kPathVerbs{"latency", "bandwidth", "timeout", "reset",
                                         "slicer",  "down",      "heal"};
  return std::ranges::find(kPathVerbs, verb) == kPathVerbs.end();
}

bool Check::needs_history() const {
  switch (type) {
    case CheckType::kNoDuplicates:
    case CheckType::kNoLoss:
    case CheckType::kUuidMatch:
    case CheckType::kOffsetsMonotonic:
    case CheckType::kOrder:
    case CheckType::kAnomalies:
    case CheckType::kRecovery:
      return true;
    default:
      return false;
  }
}

const Traffic* Scenario::find(const std::string& wanted) const {
  const auto found = std::ranges::find(traffic, wanted, &Traffic::name);
  return found == traffic.end() ? nullptr : &*found;
}

const Topic* Scenario::topic(const std::string& wanted) const {
  const auto found = std::ranges::find(topics, wanted, &Topic::name);
  return found == topics.end() ? nullptr : &*found;
}

std::vector<const Check*> Scenario::checks_of(CheckType type, const Traffic& about) const {
  std::vector<const Check*> out;
  for (const Check& check : checks) {
    const bool is_about = check.scenario.empty() || check.scenario == about.name;
    if (check.type == type && is_about) out.push_back(&check);
  }
  return out;
}

bool Scenario::needs_principals() const {
  return !principal.empty() ||
         std::ranges::any_of(traffic, [](const Traffic& each) { return !each.principal.empty(); });
}

// A fault is worth nothing where nobody looks what became of the records.
bool Scenario::needs_history() const {
  return !faults.empty() || std::ranges::any_of(checks, &Check::needs_history);
}

}  // namespace ks::scenario
