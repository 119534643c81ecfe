#include "lib/report/manifest.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "lib/cli/file.h"
#include "lib/report/questions.h"

namespace ks::report {
namespace {

using Json = nlohmann::json;

constexpr int kSchemaVersion = 1;
constexpr std::array kStages{Stage::kPr, Stage::kMain, Stage::kRelease, Stage::kPerformance,
                             Stage::kDelivery};
constexpr std::size_t kGateStages = 3;  // the first ones
constexpr std::array<std::string_view, 2> kTargets{"kafscale", "kafka"};
// Those that the executables speak with: every check of each client runs with them.
constexpr std::array<std::string_view, 2> kOwnClients{"librdkafka", "wire"};

cli::Result<void> check_values(const CheckSpec& spec) {
  if (spec.name.empty()) return cli::fail("a check has no name");
  if (spec.targets.empty()) return cli::fail("no targets");
  for (const std::string& target : spec.targets) {
    if (std::find(kTargets.begin(), kTargets.end(), target) == kTargets.end()) {
      return cli::fail("unknown target '" + target + "'");
    }
  }
  for (const int question : spec.questions) {
    if (question < 1 || question > kQuestionCount) {
      return cli::fail("unknown question " + std::to_string(question));
    }
  }
  if (!spec.others.empty() && (!spec.each_client || !spec.only_client.empty())) {
    return cli::fail("'others' of a check that is not of each client");
  }
  const bool everywhere = std::all_of(kTargets.begin(), kTargets.end(),
                                      [&](auto target) { return spec.applies_to(target); });
  if (!everywhere && spec.excluded.empty()) {
    return cli::fail("a target is missing, but 'excluded' does not say why");
  }
  return {};
}

cli::Result<CheckSpec> parse_check(const Json& json) {
  CheckSpec spec;
  spec.name = json.at("check");
  const auto stage = parse_stage(json.at("stage").get<std::string>());
  if (!stage) return tl::make_unexpected(stage.error());
  spec.stage = *stage;
  for (const std::string& name : json.value("also", std::vector<std::string>{})) {
    const auto also = parse_stage(name);
    if (!also) return tl::make_unexpected(also.error());
    if (!is_validation(*also)) return cli::fail("'also' names a stage that is no validation");
    spec.also.push_back(*also);
  }
  spec.title = json.at("title");
  spec.covers = json.at("covers").get<std::vector<std::string>>();
  spec.questions = json.at("questions").get<std::vector<int>>();
  spec.targets = json.at("targets").get<std::vector<std::string>>();
  const std::string client = json.at("client");
  if (client != "each" && client != "none" && client != "librdkafka" && client != "wire") {
    return cli::fail("unknown client '" + client + "'");
  }
  spec.each_client = client != "none";
  if (client != "each" && client != "none") spec.only_client = client;
  spec.others = json.value("others", std::vector<std::string>{});
  spec.capabilities = json.value("capabilities", std::vector<std::string>{});
  spec.excluded = json.value("excluded", "");
  spec.planned = json.value("planned", "");
  spec.on_demand = json.value("on_demand", "");
  if (auto ok = check_values(spec); !ok) return tl::make_unexpected(ok.error());
  return spec;
}

std::string place(const std::string& file, std::size_t index, const Json& check) {
  const bool named = check.is_object() && check.contains("check") && check["check"].is_string();
  return file + ", check " +
         (named ? check["check"].get<std::string>() : std::to_string(index + 1));
}

cli::Result<Manifest> parse_checks(const Json& list, const std::string& file) {
  Manifest manifest;
  std::set<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    try {
      auto spec = parse_check(list[i]);
      if (!spec) return cli::fail(spec.error().what, place(file, i, list[i]), spec.error().action);
      if (!names.insert(spec->name).second) {
        return cli::fail("the check is listed twice", place(file, i, list[i]));
      }
      manifest.push_back(std::move(*spec));
    } catch (const Json::exception& error) {
      return cli::fail(error.what(), place(file, i, list[i]));
    }
  }
  return manifest;
}

}  // namespace

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::kPr:
      return "pr";
    case Stage::kMain:
      return "main";
    case Stage::kPerformance:
      return "performance";
    case Stage::kDelivery:
      return "delivery";
    case Stage::kRelease:
      break;
  }
  return "release";
}

bool is_validation(Stage stage) { return stage > Stage::kRelease; }

std::span<const Stage> stages_beside(Stage stage) {
  const std::span all(kStages);
  return is_validation(stage) ? all.subspan(static_cast<std::size_t>(stage), 1)
                              : all.first(kGateStages);
}

cli::Result<Stage> parse_stage(std::string_view text) {
  for (const Stage stage : kStages) {
    if (to_string(stage) == text) return stage;
  }
  return cli::fail("unknown stage '" + std::string(text) + "'", {},
                   "choose pr, main, release, performance or delivery");
}

Manifest checks_beside(const Manifest& manifest, Stage stage,
                       const std::vector<std::string>& only) {
  Manifest out;
  for (const CheckSpec& spec : manifest) {
    const bool is_also = std::ranges::find(spec.also, stage) != spec.also.end();
    const auto beside = stages_beside(stage);
    if (!is_also && std::ranges::find(beside, spec.stage) == beside.end()) continue;
    if (!only.empty() && std::ranges::find(only, spec.name) == only.end()) continue;
    out.push_back(spec);
    if (is_also) out.back().stage = stage;
  }
  return out;
}

bool CheckSpec::applies_to(std::string_view target) const {
  return std::find(targets.begin(), targets.end(), target) != targets.end();
}

std::vector<std::string> CheckSpec::clients_of(const std::vector<std::string>& run_clients) const {
  if (!each_client) return {"none"};
  if (!only_client.empty()) return {only_client};
  std::vector<std::string> out;
  for (const std::string& client : run_clients) {
    const bool is_ours = std::ranges::find(kOwnClients, client) != kOwnClients.end();
    if (is_ours || std::ranges::find(others, client) != others.end()) out.push_back(client);
  }
  return out;
}

cli::Result<Manifest> parse_manifest(const std::string& text, const std::string& file) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return cli::fail("not JSON", file);
  if (!json.is_object() || json.value("schema_version", Json()) != kSchemaVersion ||
      !json.contains("checks") || !json["checks"].is_array()) {
    return cli::fail("not a list of checks of schema_version 1", file);
  }
  return parse_checks(json["checks"], file);
}

cli::Result<Manifest> read_manifest(const std::filesystem::path& path) {
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  return parse_manifest(*text, path.string());
}

}  // namespace ks::report
