#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/result.h"

namespace ks::report {

// What a scenario's own checks said.
struct ScenarioCheck {
  std::string name;
  std::string type;
  Status status = Status::kPass;
  std::string expected;
  std::string actual;
  std::string reason;
};

// What ks-run made of a scenario: the data of its step `checks`.
struct ScenarioFigures {
  // By name: "sent" or "received", "errors", "p95_ms" and others; numbers all of them.
  nlohmann::ordered_json scenarios;
  std::vector<ScenarioCheck> checks;
};

// Nothing where the result is not of such a step.
std::optional<ScenarioFigures> parse_scenario(const Result& result);

}  // namespace ks::report
