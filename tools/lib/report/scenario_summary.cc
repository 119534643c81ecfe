#include "lib/report/scenario_summary.h"

#include <algorithm>
#include <set>

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

// More than one where runs of the same file and client are merged.
std::vector<const ScenarioFigures*> figures_of(const Row& row) {
  std::vector<const ScenarioFigures*> out;
  for (const Step& step : row.steps) {
    if (step.scenario) out.push_back(&*step.scenario);
  }
  return out;
}

// Of several files, a name says of which.
std::string name_in(const Summary& summary, const Row& row, const std::string& name) {
  const auto is_another = [&](const ScenarioRef& scenario) {
    return scenario.check != row.spec.name;
  };
  const bool is_only = std::ranges::none_of(summary.run.scenarios, is_another);
  return is_only ? name : row.spec.name + "." + name;
}

// Of several clients or runs counts add up, and the worst rate and time stay: percentiles cannot be
// merged.
void take_figure(const std::string& field, const Json& value, Json& all) {
  if (!all.contains(field)) {
    all[field] = value;
  } else if (field.ends_with("_ms")) {
    all[field] = std::max(all.at(field), value);
  } else if (field.ends_with("per_s")) {
    all[field] = std::min(all.at(field), value);
  } else if (value.is_number_integer() && all.at(field).is_number_integer()) {
    all[field] = all.at(field).get<std::int64_t>() + value.get<std::int64_t>();
  } else if (value.is_number() && all.at(field).is_number()) {
    all[field] = all.at(field).get<double>() + value.get<double>();
  }
}

void take_figures(const Json& figures, Json& all) {
  if (all.is_null()) all = Json::object();
  for (const auto& [field, value] : figures.items()) take_figure(field, value, all);
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

Json checks_of(const Row& row) {
  Json out = Json::array();
  for (const ScenarioFigures* figures : figures_of(row)) {
    for (const ScenarioCheck& check : figures->checks) {
      out.push_back({{"name", check.name},
                     {"type", check.type},
                     {"status", to_string(check.status)},
                     {"expected", check.expected},
                     {"actual", check.actual},
                     {"reason", check.reason}});
    }
  }
  return out;
}

Json scenarios_of(const Row& row) {
  Json out = Json::object();
  for (const ScenarioFigures* figures : figures_of(row)) {
    for (const auto& [name, each] : figures->scenarios.items()) take_figures(each, out[name]);
  }
  return out;
}

// A check passed where each client's, in each run, did.
void take_checks(const Summary& summary, Json& all) {
  for (const Row& row : summary.rows) {
    for (const ScenarioFigures* figures : figures_of(row)) {
      for (const ScenarioCheck& check : figures->checks) {
        Json& entry = all[name_in(summary, row, check.name)];
        if (entry.is_null()) entry = "pass";
        if (check.status != Status::kPass) entry = "fail";
      }
    }
  }
}

// What a client did not come to is known by what another's checks are.
void take_missing_checks(const Summary& summary, Json& all) {
  std::set<std::string> without_checks;
  for (const Row& row : summary.rows) {
    if (figures_of(row).empty()) without_checks.insert(row.spec.name);
  }
  for (const Row& row : summary.rows) {
    if (!without_checks.contains(row.spec.name)) continue;
    for (const ScenarioFigures* figures : figures_of(row)) {
      for (const ScenarioCheck& check : figures->checks) {
        all[name_in(summary, row, check.name)] = "fail";
      }
    }
  }
}

void add_details(const Summary& summary, Json& check_results) {
  for (Json& entry : check_results) {
    const std::string check = entry.at("check");
    const std::string client = entry.at("client");
    const ScenarioRef* const scenario = summary.run.scenario(check);
    if (scenario == nullptr) continue;
    for (const Row& row : summary.rows) {
      if (row.spec.name != check || row.client != client) continue;
      entry["profile"] = scenario->profile;
      entry["file"] = scenario->file;
      entry["sha256"] = scenario->sha256;
      entry["scenarios"] = scenarios_of(row);
      entry["checks"] = checks_of(row);
      if (Json workers = workers_of(row); !workers.empty()) entry["workers"] = std::move(workers);
    }
  }
}

}  // namespace

Json with_scenarios(const Summary& summary, Json rest) {
  Json scenarios = Json::object();
  for (const Row& row : summary.rows) {
    const Json own = scenarios_of(row);
    for (const auto& [name, each] : own.items()) {
      take_figures(brief(each), scenarios[name_in(summary, row, name)]);
    }
  }
  Json checks = Json::object();
  take_checks(summary, checks);
  take_missing_checks(summary, checks);
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
