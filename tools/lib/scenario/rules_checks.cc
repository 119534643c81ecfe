#include <algorithm>
#include <set>

#include "lib/audit/allowances.h"
#include "lib/scenario/read.h"
#include "lib/scenario/rules.h"
#include "lib/workload/value_template.h"

namespace ks::scenario {
namespace {

bool has_type(const Scenario& scenario, Type type) {
  return std::ranges::any_of(scenario.traffic, [&](const Traffic& t) { return t.type == type; });
}

// What a check can be about: of counts, what they count.
bool can_be_about(const Check& check, Type type) {
  switch (check.type) {
    case CheckType::kCountEquals:
    case CheckType::kCountAtLeast:
      if (!check.scenario.empty()) return type != Type::kMetrics;
      return type == (check.of_produced ? Type::kProduce : Type::kConsume);
    case CheckType::kMetric:
      return type == Type::kMetrics;
    default:
      return type != Type::kMetrics;
  }
}

void check_scenario(const Check& check, const Scenario& scenario, Complainer& complainer) {
  if (check.scenario.empty()) return;
  const Traffic* const traffic = scenario.find(check.scenario);
  const std::string at = below(check.at, "scenario");
  if (traffic == nullptr) {
    complainer.add(at, "no scenario '" + check.scenario + "'", Complainer::names(scenario));
  } else if (!can_be_about(check, traffic->type)) {
    complainer.add(at, check.type_name + " cannot be of '" + check.scenario + "'");
  }
}

// A check that could never see anything would never fail.
void check_evidence(const Check& check, const Scenario& scenario, Complainer& complainer) {
  const bool is_possible = std::ranges::any_of(
      scenario.traffic, [&](const Traffic& t) { return can_be_about(check, t.type); });
  if (!is_possible) {
    return complainer.add(check.at, "no scenario that it could be about",
                          check.type == CheckType::kMetric ? "add one of type metrics"
                          : check.of_produced              ? "add one of type produce"
                                                           : "add one of type consume");
  }
  if (check.needs_history() && !has_type(scenario, Type::kProduce)) {
    complainer.add(check.at, "nothing is produced that could be judged",
                   "add a scenario of type produce");
  }
  if (check.type == CheckType::kRecovery && scenario.faults.empty()) {
    complainer.add(check.at, "nothing to recover from", "add faults");
  }
}

void check_uuids(const Check& check, const Scenario& scenario, Complainer& complainer) {
  if (check.type != CheckType::kUuidMatch) return;
  if (!has_type(scenario, Type::kConsume)) {
    complainer.add(check.at, "nothing is read that could match", "add a scenario of type consume");
  }
  for (const Traffic& traffic : scenario.traffic) {
    if (traffic.type != Type::kProduce || traffic.value.empty()) continue;
    const auto value = workload::ValueTemplate::parse(traffic.value, "");
    if (value && !value->has_uuid()) {
      complainer.add(check.at, "the value of '" + traffic.name + "' has no {{uuid}}",
                     "add it, or leave out the value");
    }
  }
}

}  // namespace

void check_checks(const Scenario& scenario, Complainer& complainer) {
  std::set<std::string> names;
  for (const Check& check : scenario.checks) {
    if (!names.insert(check.name).second) {
      complainer.add(check.at, "check '" + check.name + "' twice", "give each a name of its own");
    }
    check_scenario(check, scenario, complainer);
    check_evidence(check, scenario, complainer);
    check_uuids(check, scenario, complainer);
    const auto allowances = audit::Allowances::parse(check.allow);
    if (!allowances) {
      complainer.add(below(check.at, "allow"), allowances.error().what, allowances.error().action);
    }
    if (check.type == CheckType::kThroughput && check.limit == 0) {
      complainer.add(below(check.at, "min"), "nothing could be less", "give more than 0");
    }
  }
}

}  // namespace ks::scenario
