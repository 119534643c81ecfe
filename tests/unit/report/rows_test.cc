#include "lib/report/rows.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace ks::report {
namespace {

// The row of a check with these steps, on Apache Kafka.
Row row_of(const CheckSpec& spec, std::vector<Step> steps,
           const report::Run& run = run_of("kafka")) {
  return rows_of({spec}, evidence_of(run, std::move(steps))).at(0);
}

TEST(Rows, StatusIsThatOfTheWorstStep) {
  constexpr Status kFromWorst[] = {Status::kFail, Status::kError, Status::kInconclusive,
                                   Status::kSkip, Status::kPass};
  for (std::size_t worse = 0; worse < std::size(kFromWorst); ++worse) {
    for (std::size_t better = worse; better < std::size(kFromWorst); ++better) {
      const Row row = row_of(check("offsets"), {step("offsets", kFromWorst[better], "better"),
                                                step("offsets", kFromWorst[worse], "worse")});
      EXPECT_EQ(row.status, kFromWorst[worse]) << worse << " " << better;
    }
  }
}

TEST(Rows, ReasonIsTheFirstOfTheWorstAndCountsTheOthers) {
  const Row row = row_of(check("offsets"), {
                                               step("offsets", Status::kError, "no broker"),
                                               step("offsets", Status::kFail, "3 lost"),
                                               step("offsets", Status::kFail, "2 lost"),
                                           });
  EXPECT_EQ(row.reason, "produce: 3 lost (and 1 more)");
}

TEST(Rows, WhatBecameOfTheDataIsAReasonBeforeAClientsTrouble) {
  Step lost = step("offsets", Status::kFail, "lost: 3");
  lost.result.anomalies.push_back({"lost", 3, 0, {}});
  Step explained = step("offsets", Status::kFail, "too slow");
  explained.result.anomalies.push_back({"duplicate", 1, 1, {}});
  const Step trouble = step("offsets", Status::kFail, "offset out of range");
  EXPECT_EQ(row_of(check("offsets"), {trouble, lost}).reason, "produce: lost: 3 (and 1 more)");
  EXPECT_EQ(row_of(check("offsets"), {trouble, explained}).reason,
            "produce: offset out of range (and 1 more)");
}

TEST(Rows, ReasonOfOneStepStandsAlone) {
  EXPECT_EQ(row_of(check("offsets"), {step("offsets", Status::kFail, "3 lost")}).reason, "3 lost");
}

TEST(Rows, AReasonIsNeverMissingAndOneLine) {
  EXPECT_EQ(row_of(check("offsets"), {step("offsets", Status::kFail)}).reason, "no reason given");
  EXPECT_EQ(row_of(check("offsets"), {step("offsets", Status::kFail, "a\nb")}).reason, "a b");
}

TEST(Rows, WithoutResultsARequiredCheckIsNotRunAndNeverPassed) {
  const Row row = row_of(check("offsets"), {});
  EXPECT_EQ(row.status, Status::kInconclusive);
  EXPECT_FALSE(row.ran);
  EXPECT_TRUE(row.required());
  EXPECT_EQ(status_word(row), "not run");
}

TEST(Rows, EveryClientOfTheRunHasItsRow) {
  auto run = run_of("kafka");
  run.clients = {"librdkafka", "wire"};
  const auto rows = rows_of({check("offsets")},
                            evidence_of(run, {step("offsets", Status::kPass, "", "librdkafka")}));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].status, Status::kPass);
  EXPECT_EQ(rows[1].client, "wire");
  EXPECT_EQ(rows[1].status, Status::kInconclusive);
}

TEST(Rows, AStepWithoutClientCountsForEveryClient) {
  auto run = run_of("kafka");
  run.clients = {"librdkafka", "wire"};
  const auto rows =
      rows_of({check("offsets")},
              evidence_of(run, {step("offsets", Status::kPass, "", "librdkafka"),
                                step("offsets", Status::kPass, "", "wire"),
                                step("offsets", Status::kError, "no restart", "none", "restart")}));
  EXPECT_EQ(rows[0].status, Status::kError);
  EXPECT_EQ(rows[1].status, Status::kError);
  EXPECT_EQ(rows.size(), 2u);
}

TEST(Rows, AStepWithoutClientAloneProvesNothingOfAClient) {
  const Row row = row_of(check("offsets"), {step("offsets", Status::kPass, "", "none")});
  EXPECT_EQ(row.status, Status::kInconclusive);
  EXPECT_EQ(row.reason, "no result of client librdkafka");
}

TEST(Rows, ACheckJudgedOnceTakesTheStepsOfAllClients) {
  const auto rows =
      rows_of({check_without_client("metrics")},
              evidence_of(run_of("kafka"), {step("metrics", Status::kFail, "worse")}));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].client, "none");
  EXPECT_EQ(rows[0].status, Status::kFail);
}

TEST(Rows, WhatTheTargetExcludesIsNotRequiredAndSaysWhy) {
  const Row on_kafka = row_of(kafscale_only("metrics"), {});
  EXPECT_EQ(on_kafka.requirement, Requirement::kExcluded);
  EXPECT_EQ(on_kafka.status, Status::kSkip);
  EXPECT_EQ(on_kafka.reason, "Apache Kafka has none");
  EXPECT_EQ(status_word(on_kafka), "not required");
  EXPECT_TRUE(row_of(kafscale_only("metrics"), {}, run_of("kafscale")).required());
}

TEST(Rows, AStageIncludesTheOnesBeforeIt) {
  const Manifest manifest{check("release", Stage::kRelease), check("main", Stage::kMain),
                          check("pr", Stage::kPr)};
  const auto required_of = [&](Stage stage) {
    std::vector<std::string> names;
    for (const Row& row : rows_of(manifest, evidence_of(run_of("kafka", stage), {}))) {
      if (row.required()) names.push_back(row.spec.name);
    }
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(required_of(Stage::kPr), Names{"pr"});
  EXPECT_EQ(required_of(Stage::kMain), (Names{"pr", "main"}));
  EXPECT_EQ(required_of(Stage::kRelease), (Names{"pr", "main", "release"}));
}

TEST(Rows, WhatIsPlannedIsNotRequiredAndNeverPasses) {
  const Row without = row_of(planned("epochs"), {});
  EXPECT_EQ(without.requirement, Requirement::kPlanned);
  EXPECT_EQ(status_word(without), "not tested");
  EXPECT_EQ(without.reason, "not built yet");
  const Row with = row_of(planned("epochs"), {step("epochs", Status::kPass)});
  EXPECT_EQ(with.status, Status::kInconclusive);
}

TEST(Rows, WhatNobodyAskedForIsListedApart) {
  const auto rows = rows_of(
      {check("offsets")}, evidence_of(run_of("kafka"), {step("offsets", Status::kPass),
                                                        step("offsets", Status::kPass, "", "java"),
                                                        step("extra", Status::kFail, "broken")}));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(row_name(rows[1]), "extra (librdkafka)");
  EXPECT_EQ(row_name(rows[2]), "offsets (java)");
  EXPECT_EQ(rows[1].requirement, Requirement::kUnlisted);
  EXPECT_EQ(rows[2].requirement, Requirement::kUnlisted);
}

TEST(Rows, APassThatItsThresholdsContradictFails) {
  Step lying = step("offsets", Status::kPass);
  lying.result.thresholds = {{"errors", "==", 0, 3, false}};
  const Row row = row_of(check("offsets"), {lying});
  EXPECT_EQ(row.status, Status::kFail);
  EXPECT_EQ(row.reason, "errors is not == 0");
}

TEST(Rows, APassThatItsAnomaliesContradictFails) {
  Step lying = step("offsets", Status::kPass);
  lying.result.anomalies = {{"lost", 2, 1, {}}};
  EXPECT_EQ(row_of(check("offsets"), {lying}).reason, "2 lost, 1 allowed");
  lying.result.anomalies = {{"lost", 1, 1, {}}};
  EXPECT_EQ(row_of(check("offsets"), {lying}).status, Status::kPass);
  lying.result.anomalies = {{"vacuous", 1, 0, {}}};
  EXPECT_EQ(row_of(check("offsets"), {lying}).status, Status::kInconclusive);
}

TEST(Rows, DurationIsTheSpanOfARunAndTheSumOfRuns) {
  Step first = step("offsets", Status::kPass);
  Step second = first;
  second.result.started_at_ns += 50'000'000;  // overlaps by half
  EXPECT_NEAR(row_of(check("offsets"), {first, second}).duration_ms, 150, 0.01);
  second.result.run_id = "run-2";
  second.result.started_at_ns += 3'600'000'000'000;  // an hour later
  EXPECT_NEAR(row_of(check("offsets"), {first, second}).duration_ms, 200, 0.01);
}

TEST(Rows, FilesAreSeenFromTheReport) {
  const auto rows = make_rows(
      {check("offsets")}, evidence_of(run_of("kafka"), {step("offsets", Status::kPass)}), "out");
  EXPECT_EQ(rows.at(0).steps.at(0).file, "../run/results/offsets.librdkafka.produce.json");
}

TEST(Rows, LogsOfACheckAreNotThoseOfANamesake) {
  Evidence evidence = evidence_of(run_of("kafka"), {step("offsets", Status::kPass)});
  evidence[0].logs = {"run/logs/offsets.librdkafka.clean_up.log", "run/logs/offsets.log",
                      "run/logs/offsets.librdkafka.produce.log", "run/logs/offsets.wire.x.log",
                      "run/logs/offsets_other.librdkafka.log"};
  const auto rows = rows_of({check("offsets")}, evidence);
  const std::vector<std::filesystem::path> expected{"logs/offsets.librdkafka.clean_up.log",
                                                    "logs/offsets.log"};
  EXPECT_EQ(rows.at(0).logs, expected);
}

TEST(Rows, MergedRunsTakeTheHighestStageAndEveryBroker) {
  Evidence evidence = evidence_of(run_of("kafscale", Stage::kPr), {});
  evidence.push_back(evidence.front());
  evidence[1].run.stage = Stage::kMain;
  evidence[1].run.brokers = {"127.0.0.1:29092"};
  evidence[1].run.kafscale_gate = false;
  evidence[1].run.ended = false;
  evidence[1].run.interrupted = "signal 2";
  evidence[1].run.failure = "CTest ended with status 8";
  const auto run = merged_run(evidence);
  EXPECT_EQ(run.stage, Stage::kMain);
  EXPECT_EQ(run.brokers, (std::vector<std::string>{"127.0.0.1:19092", "127.0.0.1:29092"}));
  EXPECT_FALSE(run.kafscale_gate);
  EXPECT_FALSE(run.ended);
  EXPECT_EQ(run.interrupted, "signal 2");
  EXPECT_EQ(run.failure, "CTest ended with status 8");
}

TEST(Rows, AStepThatNoEndCoversIsOfACheckThatDied) {
  Step uncovered = step("offsets", Status::kPass);
  uncovered.is_covered = false;
  const Row row = row_of(check("offsets"), {step("offsets", Status::kPass), uncovered});
  EXPECT_EQ(row.status, Status::kError);
  EXPECT_EQ(row.reason, kNoEnd);
  const Row failed =
      row_of(check("offsets"), {uncovered, step("offsets", Status::kFail, "3 lost")});
  EXPECT_EQ(failed.status, Status::kFail);
}

// A wait with the wire client in librdkafka's check, and a restart with none.
TEST(Rows, AStepCountsForTheClientWhoseEndNamesIt) {
  auto run = run_of("kafka");
  run.clients = {"librdkafka", "wire"};
  Step wait = step("offsets", Status::kFail, "too late", "wire", "wait");
  Step restart = step("offsets", Status::kInconclusive, "no effect", "none", "restart");
  wait.client = restart.client = "librdkafka";
  const auto rows =
      rows_of({check("offsets")}, evidence_of(run, {step("offsets", Status::kPass), wait, restart,
                                                    step("offsets", Status::kPass, "", "wire")}));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].status, Status::kFail);
  EXPECT_EQ(rows[0].steps.size(), 3u);
  EXPECT_EQ(rows[1].status, Status::kPass);
  EXPECT_EQ(rows[1].steps.size(), 1u);
}

TEST(Rows, AnEndCountsForItsClientAndRun) {
  auto run = run_of("kafka");
  run.clients = {"librdkafka", "wire"};
  Evidence evidence = evidence_of(
      run, {step("offsets", Status::kPass), step("offsets", Status::kPass, "", "wire")});
  evidence.push_back(evidence_of(run, {})[0]);
  evidence[1].ends = {{"offsets", "wire", Status::kError, "it died"}};
  const auto rows = rows_of({check("offsets")}, evidence);
  EXPECT_EQ(rows.at(0).status, Status::kPass);
  EXPECT_EQ(rows.at(1).status, Status::kError);
  EXPECT_EQ(rows.at(1).reason, "it died");
}

TEST(Rows, ACheckThatDiedBeforeItsFirstResultRan) {
  Evidence evidence = evidence_of(run_of("kafka"), {});
  evidence[0].ends = {{"metrics", "librdkafka", Status::kError, "it died"}};
  const auto rows = rows_of({check_without_client("metrics")}, evidence);
  EXPECT_TRUE(rows.at(0).ran);
  EXPECT_EQ(rows.at(0).status, Status::kError);
}

TEST(Rows, OfTwoRunsOfOneCheckTheWorseCounts) {
  Evidence evidence = evidence_of(run_of("kafka"), {step("offsets", Status::kPass)});
  evidence.push_back(evidence_of(run_of("kafka"), {step("offsets", Status::kFail, "lost")})[0]);
  EXPECT_EQ(rows_of({check("offsets")}, evidence).at(0).status, Status::kFail);
}

}  // namespace
}  // namespace ks::report
