#include "lib/report/run.h"

#include <algorithm>
#include <array>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"
#include "lib/cli/redact.h"
#include "lib/report/json_text.h"

namespace ks::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;
constexpr std::array kSubfolders{kResultsDir, "history", "series", kLogsDir};

cli::Result<Run> run_from_json(const Json& json) {
  if (json.at("schema_version") != kSchemaVersion) {
    return cli::fail("unknown schema_version " + json.at("schema_version").dump());
  }
  Run run;
  run.run_id = json.at("run_id");
  const auto stage = parse_stage(json.at("stage").get<std::string>());
  if (!stage) return tl::make_unexpected(stage.error());
  run.stage = *stage;
  run.target = json.at("target");
  if (run.target != "kafscale" && run.target != "kafka") {
    return cli::fail("unknown target '" + run.target + "'");
  }
  run.profile = json.at("profile");
  run.brokers = json.at("brokers").get<std::vector<std::string>>();
  run.clients = json.at("clients").get<std::vector<std::string>>();
  if (run.clients.empty()) return cli::fail("no clients");
  run.only = json.value("only", std::vector<std::string>{});
  run.broker = {json.at("broker").at("product"), json.at("broker").at("build")};
  run.cluster_id = json.at("broker").at("cluster_id");
  run.kafscale_gate = json.at("kafscale_gate");
  run.full_time = json.at("full_time");
  run.durations_s = json.at("durations").get<std::map<std::string, std::int64_t>>();
  run.store = json.value("store", "");
  run.metrics_url = json.value("metrics_url", "");
  const auto started_at = cli::parse_rfc3339(json.at("started_at").get<std::string>());
  if (!started_at) return tl::make_unexpected(started_at.error());
  run.started_at_ns = *started_at;
  run.machine = machine_from_json(json.at("machine"));
  run.toolkit = json.at("toolkit").at("version");
  run.commit = json.at("commit");
  run.seed = json.at("seed");
  run.demanded = json.value("demanded", std::vector<std::string>{});
  run.ended = json.at("ended");
  run.interrupted = json.at("interrupted");
  run.failure = json.at("failure");
  for (const Json& scenario : json.value("scenarios", Json::array())) {
    run.scenarios.push_back(scenario_from_json(scenario));
  }
  return run;
}

cli::Result<Run> parse_run(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return cli::fail("not JSON");
  try {
    return run_from_json(json);
  } catch (const Json::exception& error) {
    return cli::fail(std::string("not a run: ") + error.what());
  }
}

}  // namespace

bool is_alike(const Run& a, const Run& b) {
  return a.target == b.target && a.profile == b.profile && a.broker.product == b.broker.product &&
         a.broker.build == b.broker.build;
}

bool is_preferred(const Run& a, const Run& b) {
  if (a.full_time != b.full_time) return a.full_time;
  return a.started_at_ns > b.started_at_ns;
}

const Run* preferred_run(const std::vector<Run>& runs) {
  if (runs.empty()) return nullptr;
  const Run& newest = *std::ranges::max_element(runs, {}, &Run::started_at_ns);
  const Run* out = &newest;
  for (const Run& run : runs) {
    if (is_alike(run, newest) && is_preferred(run, *out)) out = &run;
  }
  return out;
}

Json to_json(const ScenarioRef& s) {
  return {{"check", s.check},   {"title", s.title},     {"file", s.file},
          {"sha256", s.sha256}, {"profile", s.profile}, {"target", s.target},
          {"client", s.client}, {"brokers", s.brokers}};
}

ScenarioRef scenario_from_json(const Json& json) {
  return {json.at("check"),   json.at("title"),
          json.at("file"),    json.at("sha256"),
          json.at("profile"), json.at("target"),
          json.at("client"),  json.at("brokers").get<std::vector<std::string>>()};
}

const ScenarioRef* Run::scenario(const std::string& check) const {
  const auto found = std::ranges::find(scenarios, check, &ScenarioRef::check);
  return found == scenarios.end() ? nullptr : &*found;
}

std::vector<std::string> clients_of(const std::vector<ScenarioRef>& scenarios) {
  std::vector<std::string> out;
  for (const ScenarioRef& scenario : scenarios) {
    if (std::ranges::find(out, scenario.client) == out.end()) out.push_back(scenario.client);
  }
  return out;
}

Json to_json(const Run& run) {
  Json json{
      {"schema_version", kSchemaVersion},
      {"run_id", run.run_id},
      {"stage", to_string(run.stage)},
      {"target", run.target},
      {"profile", run.profile},
      {"brokers", run.brokers},
      {"clients", run.clients},
      {"broker",
       {{"product", run.broker.product},
        {"build", run.broker.build},
        {"cluster_id", run.cluster_id}}},
      {"kafscale_gate", run.kafscale_gate},
      {"full_time", run.full_time},
      {"durations", run.durations_s},
      {"store", cli::mask(run.store)},
      {"metrics_url", cli::mask(run.metrics_url)},
      {"started_at", cli::format_rfc3339(run.started_at_ns)},
      {"machine", to_json(run.machine)},
      {"toolkit", {{"version", run.toolkit}}},
      {"commit", run.commit},
      {"seed", run.seed},
      {"ended", run.ended},
      {"interrupted", cli::redact(run.interrupted)},
      {"failure", cli::redact(run.failure)},
  };
  if (!run.only.empty()) json["only"] = run.only;
  if (!run.demanded.empty()) json["demanded"] = run.demanded;
  for (const ScenarioRef& scenario : run.scenarios) json["scenarios"].push_back(to_json(scenario));
  return json;
}

cli::Result<void> begin_run(const fs::path& dir, const Run& run) {
  std::error_code error;
  if (fs::exists(dir / kRunFile, error)) {
    return cli::fail("a run is already in", dir.string(), "choose another folder");
  }
  for (const char* name : kSubfolders) {
    fs::create_directories(dir / name, error);
    if (error) return cli::fail("cannot make folder", (dir / name).string(), error.message());
  }
  return write_run(dir, run);
}

cli::Result<void> end_run(const fs::path& dir, const std::string& interrupted,
                          const std::string& failure) {
  auto run = read_run(dir);
  if (!run) return tl::make_unexpected(run.error());
  run->ended = true;
  if (run->interrupted.empty()) run->interrupted = interrupted;
  if (run->failure.empty()) run->failure = failure;
  return write_run(dir, *run);
}

cli::Result<Run> read_run(const fs::path& dir) {
  const auto text = cli::read_file(dir / kRunFile);
  if (!text) {
    return cli::fail("not a run folder", text.error().where, text.error().action);
  }
  auto run = parse_run(*text);
  if (!run) run.error().where = (dir / kRunFile).string();
  return run;
}

cli::Result<void> write_run(const fs::path& dir, const Run& run) {
  return cli::write_file(dir / kRunFile, dump(to_json(run)));
}

}  // namespace ks::report
