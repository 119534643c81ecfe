#include "lib/report/scenario_summary.h"

#include <algorithm>

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

const ScenarioFigures* figures_of(const Row& row) {
  for (const Step& step : row.steps) {
    if (step.scenario) return &*step.scenario;
  }
  return nullptr;
}

// Of several files, a name says of which.
std::string name_in(const Summary& summary, const Row& row, const std::string& name) {
  return summary.run.scenarios.size() == 1 ? name : row.spec.name + "." + name;
}

// The runner's fields alone; what more is known is with the check.
Json brief(const Json& figures) {
  Json out = Json::object();
  for (const char* field : {"sent", "received", "fetched", "errors", "p95_ms"}) {
    if (figures.contains(field)) out[field] = figures.at(field);
  }
  return out;
}

void add_new(const std::string& word, std::vector<std::string>& words) {
  if (std::ranges::find(words, word) == words.end()) words.push_back(word);
}

// The brokers of all, each once.
std::vector<std::string> brokers_of(const Run& run) {
  std::vector<std::string> out;
  for (const ScenarioRef& scenario : run.scenarios) {
    for (const std::string& broker : scenario.brokers) add_new(broker, out);
  }
  return out;
}

// The environments of all, each once.
std::string profiles_of(const Run& run) {
  std::vector<std::string> names;
  for (const ScenarioRef& scenario : run.scenarios) add_new(scenario.profile, names);
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

Json workers_of(const Row& row) {
  Json out = Json::array();
  for (const Step& step : row.steps) {
    for (const FleetWorkerRow& worker : step.workers) out.push_back(to_json(worker));
  }
  return out;
}

Json checks_of(const ScenarioFigures* figures) {
  Json out = Json::array();
  if (figures == nullptr) return out;
  for (const ScenarioCheck& check : figures->checks) {
    out.push_back({{"name", check.name},
                   {"type", check.type},
                   {"status", to_string(check.status)},
                   {"expected", check.expected},
                   {"actual", check.actual},
                   {"reason", check.reason}});
  }
  return out;
}

void add_details(const Summary& summary, Json& check_results) {
  for (Json& entry : check_results) {
    const std::string check = entry.at("check");
    const std::string client = entry.at("client");
    const ScenarioRef* const scenario = summary.run.scenario(check);
    if (scenario == nullptr) continue;
    for (const Row& row : summary.rows) {
      if (row.spec.name != check || row.client != client) continue;
      const ScenarioFigures* const figures = figures_of(row);
      entry["profile"] = scenario->profile;
      entry["file"] = scenario->file;
      entry["sha256"] = scenario->sha256;
      entry["scenarios"] = figures == nullptr ? Json::object() : figures->scenarios;
      entry["checks"] = checks_of(figures);
      if (Json workers = workers_of(row); !workers.empty()) entry["workers"] = std::move(workers);
    }
  }
}

}  // namespace

Json with_scenarios(const Summary& summary, Json rest) {
  Json scenarios = Json::object();
  Json checks = Json::object();
  for (const Row& row : summary.rows) {
    const ScenarioFigures* const figures = figures_of(row);
    if (figures == nullptr) continue;
    for (const auto& [name, each] : figures->scenarios.items()) {
      scenarios[name_in(summary, row, name)] = brief(each);
    }
    for (const ScenarioCheck& check : figures->checks) {
      const bool passed = check.status == Status::kPass;
      checks[name_in(summary, row, check.name)] = passed ? "pass" : "fail";
    }
  }
  Json json{{"run_id", rest.at("run_id")},          {"profile", profiles_of(summary.run)},
            {"brokers", brokers_of(summary.run)},   {"scenarios", std::move(scenarios)},
            {"checks", std::move(checks)},          {"status", rest.at("verdict")},
            {"duration_ms", rest.at("duration_ms")}};
  add_details(summary, rest.at("check_results"));
  for (const auto& [name, value] : rest.items()) {
    if (!json.contains(name)) json[name] = value;
  }
  return json;
}

}  // namespace ks::report
