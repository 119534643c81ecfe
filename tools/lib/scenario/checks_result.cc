#include "lib/scenario/checks_result.h"

#include "lib/tool/tool.h"

namespace ks::scenario {
namespace {

using report::Status;

Json to_json(const Figures& figures) {
  static const std::map<Type, const char*> kWords{
      {Type::kProduce, "sent"}, {Type::kConsume, "received"}, {Type::kMetrics, "fetched"}};
  const auto whole = [](double count) { return static_cast<std::uint64_t>(count); };
  Json out{{kWords.at(figures.type), whole(figures.records)}, {"errors", whole(figures.errors)}};
  constexpr double kNsPerMs = 1e6;
  if (figures.latency.count() != 0) {
    for (const auto& [name, quantile] :
         {std::pair{"p50_ms", 0.5}, {"p95_ms", 0.95}, {"p99_ms", 0.99}, {"p999_ms", 0.999}}) {
      out[name] = static_cast<double>(figures.latency.quantile(quantile)) / kNsPerMs;
    }
    out["max_ms"] = static_cast<double>(figures.latency.max()) / kNsPerMs;
  }
  if (figures.elapsed_s > 0) out["per_s"] = figures.records / figures.elapsed_s;
  return out;
}

Json data_of(const Scenario& scenario, const std::string& sha256,
             const std::vector<Figures>& figures, const std::vector<Outcome>& outcomes) {
  Json scenarios = Json::object();
  for (const Figures& each : figures) scenarios[each.name] = to_json(each);
  Json checks = Json::array();
  for (const Outcome& outcome : outcomes) {
    checks.push_back({{"name", outcome.name},
                      {"type", outcome.type},
                      {"status", report::to_string(outcome.status)},
                      {"expected", outcome.expected},
                      {"actual", outcome.actual},
                      {"reason", outcome.reason}});
  }
  return {{"scenario_file", scenario.file},
          {"sha256", sha256},
          {"scenarios", std::move(scenarios)},
          {"checks", std::move(checks)}};
}

}  // namespace

report::Result checks_result(const Scenario& scenario, const Conduct& conduct,
                             const std::vector<Figures>& figures,
                             const std::vector<Outcome>& outcomes) {
  const CheckPlace& place = conduct.place;
  report::Result result = tool::new_result(place.run_id);
  result.check = place.check;
  result.step = "checks";
  result.client = place.client;
  result.title = place.title;
  result.stage = "pr";
  result.tool = "ks-run";
  result.profile = conduct.profile;
  result.brokers = conduct.brokers;
  std::size_t wrong = 0;
  for (const Outcome& outcome : outcomes) {
    if (outcome.threshold) result.thresholds.push_back(*outcome.threshold);
    if (outcome.status == Status::kPass) continue;
    ++wrong;
    result.lower_to(outcome.status, outcome.name + ": " + outcome.reason);
  }
  if (wrong > 1) result.reason += " (and " + std::to_string(wrong - 1) + " more)";
  result.metrics["checks"] = static_cast<double>(outcomes.size());
  result.metrics["checks_passed"] = static_cast<double>(outcomes.size() - wrong);
  result.data = data_of(scenario, conduct.sha256, figures, outcomes);
  return result;
}

}  // namespace ks::scenario
