#include "lib/scenario/fleet_plan.h"

#include <nlohmann/json.hpp>

#include "lib/cli/file.h"

namespace ks::scenario {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

}  // namespace

cli::Result<void> write_fleet_plan(const std::filesystem::path& run_folder, const FleetPlan& plan) {
  const Prepared& prepared = plan.prepared;
  Json ends_before = Json::object();
  for (const auto& [topic, file] : prepared.ends_before) ends_before[topic] = file.string();
  const Json json{{"schema_version", kSchemaVersion},
                  {"run_id", plan.run_id},
                  {"workers", plan.workers},
                  {"file", plan.file.string()},
                  {"sha256", plan.sha256},
                  {"client", plan.client},
                  {"environment", plan.environment},
                  {"prepared",
                   {{"steps", prepared.steps},
                    {"is_well", prepared.is_well},
                    {"ends_before", ends_before},
                    {"to_remove", prepared.to_remove},
                    {"brokers_before", prepared.brokers_before},
                    {"seed", prepared.seed},
                    {"started_ms", prepared.started_ms}}}};
  return cli::write_file(run_folder / kFleetFile, json.dump(2) + "\n");
}

cli::Result<FleetPlan> read_fleet_plan(const std::filesystem::path& run_folder) {
  const std::filesystem::path file = run_folder / kFleetFile;
  const auto text = cli::read_file(file);
  if (!text) return tl::make_unexpected(text.error());
  FleetPlan out;
  try {
    const Json json = Json::parse(*text);
    out.run_id = json.at("run_id");
    out.workers = json.at("workers");
    out.file = json.at("file").get<std::string>();
    out.sha256 = json.at("sha256");
    out.client = json.at("client");
    json.at("environment").get_to(out.environment);
    const Json& prepared = json.at("prepared");
    prepared.at("steps").get_to(out.prepared.steps);
    out.prepared.is_well = prepared.at("is_well");
    for (const auto& [topic, file_of_ends] : prepared.at("ends_before").items()) {
      out.prepared.ends_before[topic] = file_of_ends.get<std::string>();
    }
    prepared.at("to_remove").get_to(out.prepared.to_remove);
    out.prepared.brokers_before = prepared.at("brokers_before");
    out.prepared.seed = prepared.at("seed");
    out.prepared.started_ms = prepared.at("started_ms");
  } catch (const Json::exception& error) {
    return cli::fail("not what ks-run prepare writes", file.string(), error.what());
  }
  return out;
}

}  // namespace ks::scenario
