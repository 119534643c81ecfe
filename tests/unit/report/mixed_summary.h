#pragma once

#include <optional>
#include <string>

#include "builders.h"
#include "lib/report/summary.h"

// What the tests of the reports have in common.
namespace ks::report {

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// One of everything: a pass, a failure with evidence, a check that did not run, one that the target
// excludes, a plan, a later stage, and a client nobody asked for.
inline Summary mixed_summary() {
  CheckSpec offsets = answering("offsets", {1});
  offsets.covers = {"A6", "S3"};
  Manifest manifest{offsets,
                    answering("groups", {2}),
                    check("restart_durability"),
                    kafscale_only("metrics"),
                    planned("epochs"),
                    check("chaos", Stage::kMain)};
  Step failed = step("groups", Status::kFail, "3 lost");
  failed.result.metrics = {{"latency_ms_p99", 17.25}, {"received", 997}};
  failed.result.thresholds = {{"received", ">=", 1000, 997, false},
                              {"latency_ms_p99", "<=", 100, std::nullopt, false}};
  failed.result.anomalies = {{"lost", 3, 0, {"partition 0 offset 17"}}};
  failed.result.findings = {{"old-offset-fetch", "warning", "OffsetFetch v5 only", "5-5"}};
  return summarize(
      manifest,
      evidence_of(run_of("kafka"), {step("offsets", Status::kPass), failed,
                                    step("offsets", Status::kSkip, "no Java", "java")}),
      "run", "report");
}

inline Summary passed_summary() {
  return summarize({check("offsets")},
                   evidence_of(run_of("kafka"), {step("offsets", Status::kPass)}), "run", "report");
}

}  // namespace ks::report
