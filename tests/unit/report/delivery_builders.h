#pragma once

#include <string>
#include <utility>
#include <vector>

#include "builders.h"
#include "lib/report/delivery_guarantees.h"
#include "lib/report/summary.h"
#include "timeline_builders.h"

// A run of delivery that has one of everything.
namespace ks::report {

inline Step delivery_step(const std::string& check, const std::string& name, Metrics metrics,
                          const std::string& client = "librdkafka") {
  Step out = step(check, Status::kPass, "", client, name);
  out.result.metrics = std::move(metrics);
  return out;
}

inline CheckSpec delivery_check(const std::string& name) { return check(name, Stage::kDelivery); }

inline CheckSpec debezium_check() {
  CheckSpec spec = check_without_client("debezium_recovery");
  spec.stage = Stage::kDelivery;
  spec.on_demand = "give WITH_DEBEZIUM=1";
  return spec;
}

inline Manifest delivery_manifest() {
  return {delivery_check("rolling_upgrade"),  delivery_check("broker_chaos"),
          delivery_check("consumer_restart"), delivery_check("client_partition"),
          delivery_check("consumer_groups"),  debezium_check()};
}

// Of a history that was judged: 1,000 records, and one fault at 4 s that lasted 2 s.
inline Step kept_step(const std::string& check, const std::string& fault) {
  Step out = delivery_step(check, "kept",
                           {{"attempted_records", 1001},
                            {"acked_records", 1000},
                            {"unknown_records", 1},
                            {"uuid_matched_records", 1000},
                            {"group_reread_records", 0},
                            {"produce_gap_ms_max", 640},
                            {"produce_recovery_ms_max", 712.5},
                            {"consume_recovery_ms_max", 800},
                            {"anomalies", 0}});
  out.result.thresholds = {{"produce_recovery_ms_max", "<", 5000, 712.5, true}};
  out.disturbances.faults = {{fault, at_s(4), at_s(4.1), at_s(6)}};
  out.disturbances.partitions = {partition_of(0, {recovery_of(fault, 4.1, 3.9, 4.6125)}),
                                 partition_of(0, {recovery_of(fault, 4.1, 3.8, 4.6)}, "consume")};
  return out;
}

inline Step produce_step(const std::string& check) {
  Step out = delivery_step(check, "produce", {{"errors", 0}, {"disconnects", 2}});
  out.result.tool = "ks-produce";
  for (int i = 1; i < 10; ++i) out.series.seconds.push_back(second_of(i, i == 4 ? 0 : 100 + i));
  return out;
}

inline Step resume_step() {
  Step out = delivery_step(
      "consumer_restart", "resume_kill_1",
      {{"resume_ms", 3900}, {"session_timeout_ms", 6000}, {"commit_interval_ms", 1000}});
  out.result.thresholds = {{"resume_ms", "<", 11000, 3900, true}};
  return out;
}

inline Step judged_step() {
  Step out = delivery_step("debezium_recovery", "judged",
                           {{"committed_changes", 400},
                            {"committed_inserts", 350},
                            {"committed_updates", 40},
                            {"committed_deletes", 10},
                            {"arrived_changes", 400},
                            {"changes_while_down", 90},
                            {"replayed_events", 24},
                            {"resume_ms_max", 4100},
                            {"catch_up_ms_max", 4300},
                            {"outage_ms_max", 3000},
                            {"log_behind_bytes_max", 65536},
                            {"anomalies", 0}},
                           "none");
  out.result.thresholds = {{"catch_up_ms_max", "<", 60000, 4300, true}};
  out.result.data = nlohmann::ordered_json::parse(R"({
    "outages": [{"kind": "kill", "ordered_at": "2026-01-31T12:00:04.000Z",
      "gone_at": "2026-01-31T12:00:04.050Z", "started_at": "2026-01-31T12:00:07.000Z",
      "resume_ms": 4100, "catch_up_ms": 4300, "changes_while_down": 90, "replayed_events": 24},
     {"kind": "stop", "ordered_at": "2026-01-31T12:00:14.000Z", "gone_at": null,
      "started_at": null, "resume_ms": null, "catch_up_ms": null, "changes_while_down": 0,
      "replayed_events": 0}],
    "seconds": [{"time": "2026-01-31T12:00:01.000Z", "committed": 50, "arrived": 0},
     {"time": "2026-01-31T12:00:02.000Z", "committed": 50, "arrived": 100},
     {"time": "2026-01-31T12:00:12.000Z", "committed": 25, "arrived": 160}]})");
  out.changes = parse_change_capture(out.result.data);
  return out;
}

inline Run delivery_run() {
  Run run = run_of("kafka", Stage::kDelivery);
  run.seed = "7";
  run.machine.cpus = 2;
  run.machine.memory_bytes = std::uint64_t{8} << 30U;
  run.machine.os = "Debian";
  run.machine.kernel = "Linux 6";
  run.toolkit = "1.0";
  run.demanded = {"debezium_recovery"};
  return run;
}

inline std::vector<Step> delivery_steps() {
  Step worker =
      delivery_step("debezium_recovery", "worker", {{"offset_flush_interval_ms", 2000}}, "none");
  worker.result.client_version = "Debezium 3, Kafka Connect 4, PostgreSQL 15";
  Step groups = kept_step("consumer_groups", "none");
  groups.disturbances = {};
  Step restarts = kept_step("consumer_restart", "none");
  restarts.disturbances = {};
  restarts.result.metrics["group_reread_records"] = 310;
  return {kept_step("rolling_upgrade", "broker-1 down"),
          produce_step("rolling_upgrade"),
          kept_step("broker_chaos", "broker-2 down"),
          kept_step("client_partition", "down clients"),
          restarts,
          resume_step(),
          groups,
          judged_step(),
          worker};
}

inline Summary delivery_summary(std::vector<Step> steps = delivery_steps(),
                                Run run = delivery_run()) {
  return summarize(delivery_manifest(), evidence_of(std::move(run), std::move(steps)), "run",
                   "report");
}

}  // namespace ks::report
