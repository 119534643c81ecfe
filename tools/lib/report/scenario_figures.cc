#include "lib/report/scenario_figures.h"

namespace ks::report {

using Json = nlohmann::ordered_json;

std::optional<ScenarioFigures> parse_scenario(const Result& result) {
  if (result.tool != "ks-run" || result.step != "checks") return std::nullopt;
  ScenarioFigures out;
  try {
    out.scenarios = result.data.at("scenarios");
    for (const Json& check : result.data.at("checks")) {
      const auto status = parse_status(check.at("status").get<std::string>());
      if (!status) return std::nullopt;
      out.checks.push_back({check.at("name"), check.at("type"), *status, check.at("expected"),
                            check.at("actual"), check.at("reason")});
    }
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return out;
}

}  // namespace ks::report
