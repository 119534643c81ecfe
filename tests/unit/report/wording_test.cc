#include "lib/report/wording.h"

#include <gtest/gtest.h>

#include "builders.h"
#include "lib/cli/file.h"

namespace ks::report {
namespace {

Run full_time_release(const char* target) {
  auto run = run_of(target, Stage::kRelease);
  run.full_time = true;
  return run;
}

TEST(Wording, OnKafkaIsCompatibilityAndNeverARelease) {
  for (const Stage stage : stages_beside(Stage::kPr)) {
    auto run = run_of("kafka", stage);
    run.full_time = true;
    EXPECT_EQ(decision(run, Status::kPass), "compatible");
    EXPECT_EQ(decision(run, Status::kFail), "not compatible");
    EXPECT_EQ(decision(run, Status::kInconclusive), "compatibility not shown");
    EXPECT_EQ(decision(run, Status::kError), "compatibility not shown");
    EXPECT_NE(notice(run).find("not a KafScale release gate"), std::string::npos);
  }
}

// A reader must not take the figures of a small JVM for those of Kafka.
TEST(Wording, OfTheGatesOwnKafkaItIsSaidHowItRuns) {
  auto run = run_of("kafka", Stage::kPerformance);
  const std::string caveat = broker_caveat(run);
  const auto script = cli::read_file(KS_SOURCE "/gates/lib/embedded/kafka.sh");
  ASSERT_TRUE(script) << script.error().message();
  for (const char* option : {"-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"}) {
    EXPECT_NE(caveat.find(option), std::string::npos) << option;
    EXPECT_NE(script->find(option), std::string::npos) << option;
  }
  run.profile = "local-docker";
  EXPECT_EQ(broker_caveat(run), "");
}

TEST(Wording, BothPagesTellTheMachineAlike) {
  Machine machine;
  machine.cpus = 4;
  machine.memory_bytes = 25'300'000'000;
  EXPECT_EQ(machine_words(machine), "4 processors, 25.3 GB of memory");
}

TEST(Wording, OnlyTheReleaseStageAtFullTimeDecides) {
  const auto run = full_time_release("kafscale");
  EXPECT_EQ(decision(run, Status::kPass), "release");
  for (const Status status : {Status::kFail, Status::kInconclusive, Status::kError}) {
    EXPECT_EQ(decision(run, status), "do not release");
  }
  EXPECT_EQ(notice(run), "");
}

TEST(Wording, OtherStagesAnswerForThemselves) {
  const auto pr = run_of("kafscale");
  EXPECT_EQ(decision(pr, Status::kPass), "we didn't break Kafka semantics: yes");
  EXPECT_EQ(decision(pr, Status::kFail), "we didn't break Kafka semantics: no");
  EXPECT_EQ(decision(pr, Status::kError), "we didn't break Kafka semantics: not shown");
  const auto main = run_of("kafscale", Stage::kMain);
  EXPECT_EQ(decision(main, Status::kPass), "we didn't break durability: yes");
  EXPECT_NE(notice(pr), "");
  EXPECT_NE(notice(main), "");
}

TEST(Wording, AShortenedReleaseStageDoesNotDecide) {
  auto run = full_time_release("kafscale");
  run.full_time = false;
  EXPECT_EQ(decision(run, Status::kPass), "we didn't break the architecture: yes");
  EXPECT_NE(notice(run), "");
}

TEST(Wording, AValidationSaysWhatItIsOf) {
  for (const char* target : {"kafka", "kafscale"}) {
    auto run = run_of(target, Stage::kPerformance);
    EXPECT_EQ(decision(run, Status::kPass), "the performance limits hold: yes");
    EXPECT_EQ(decision(run, Status::kInconclusive), "the performance limits hold: not shown");
    EXPECT_NE(notice(run).find("with shortened times. It is not a KafScale release gate"),
              std::string::npos);
    run.stage = Stage::kDelivery;
    run.full_time = true;
    EXPECT_EQ(decision(run, Status::kFail), "the delivery guarantees hold: no");
    EXPECT_EQ(notice(run).find("shortened"), std::string::npos);
    EXPECT_EQ(group_title(run, run.stage), "delivery validation");
  }
}

TEST(Wording, WhatIsNotAKafScaleIsNotReleased) {
  auto run = full_time_release("kafscale");
  run.kafscale_gate = false;
  EXPECT_EQ(decision(run, Status::kInconclusive), "we didn't break the architecture: not shown");
  EXPECT_NE(notice(run).find("not identified"), std::string::npos);
}

TEST(Wording, TallyCountsOnlyWhatIsRequired) {
  const auto rows = rows_of({check("a"), check("b"), planned("c"), kafscale_only("d")},
                            evidence_of(run_of("kafka"), {step("a", Status::kPass)}));
  EXPECT_EQ(tally(rows), "1 of 2 required checks passed.");
}

}  // namespace
}  // namespace ks::report
