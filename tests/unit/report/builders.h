#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/report/evidence.h"
#include "lib/report/manifest.h"
#include "lib/report/rows.h"

// Short ways to say what a test is about.
namespace ks::report {

inline CheckSpec check(std::string name, Stage stage = Stage::kPr) {
  CheckSpec spec;
  spec.name = std::move(name);
  spec.stage = stage;
  spec.title = "Title of " + spec.name;
  spec.targets = {"kafscale", "kafka"};
  spec.each_client = true;
  return spec;
}

inline CheckSpec check_without_client(std::string name) {
  CheckSpec spec = check(std::move(name));
  spec.each_client = false;
  return spec;
}

inline CheckSpec kafscale_only(std::string name) {
  CheckSpec spec = check(std::move(name));
  spec.targets = {"kafscale"};
  spec.excluded = "Apache Kafka has none";
  return spec;
}

inline CheckSpec planned(std::string name) {
  CheckSpec spec = check(std::move(name));
  spec.planned = "not built yet";
  return spec;
}

inline CheckSpec answering(std::string name, std::vector<int> questions) {
  CheckSpec spec = check(std::move(name));
  spec.questions = std::move(questions);
  return spec;
}

inline Run run_of(std::string target, Stage stage = Stage::kPr) {
  Run run;
  run.run_id = "run-1";
  run.stage = stage;
  run.kafscale_gate = target == "kafscale";
  run.broker = {target == "kafka" ? "Apache Kafka" : "KafScale", "build-1"};
  run.target = std::move(target);
  run.profile = "embedded";
  run.brokers = {"127.0.0.1:19092"};
  run.clients = {"librdkafka"};
  run.started_at_ns = 1'769'860'800'000'000'000;  // 2026-01-31T12:00:00Z
  run.ended = true;
  return run;
}

// A step of a check that reached its end.
inline Step step(const std::string& of_check, Status status, std::string reason = "",
                 std::string client = "librdkafka", std::string name = "produce") {
  Step out;
  out.result.run_id = "run-1";
  out.result.check = of_check;
  out.result.step = std::move(name);
  out.result.client = std::move(client);
  out.result.status = status;
  out.result.reason = std::move(reason);
  out.result.started_at_ns = 1'769'860'801'000'000'000;
  out.result.duration_ms = 100;
  out.file = "run/results/" + of_check + "." + out.result.client + "." + out.result.step + ".json";
  out.is_covered = true;
  out.client = out.result.client;
  return out;
}

inline Evidence evidence_of(Run run, std::vector<Step> steps) {
  RunFolder folder;
  folder.dir = "run";
  folder.run = std::move(run);
  folder.steps = std::move(steps);
  return {folder};
}

inline std::vector<Row> rows_of(const Manifest& manifest, const Evidence& evidence) {
  return make_rows(manifest, evidence, "run");
}

}  // namespace ks::report
