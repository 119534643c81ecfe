#include "lib/report/delivery.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "delivery_builders.h"
#include "mixed_summary.h"

namespace ks::report {
namespace {

Step* find(std::vector<Step>& steps, const std::string& check, const std::string& name) {
  for (Step& each : steps) {
    if (each.result.check == check && each.result.step == name) return &each;
  }
  return nullptr;
}

std::vector<Step> without(const std::string& check) {
  std::vector<Step> steps = delivery_steps();
  std::erase_if(steps, [&](const Step& each) { return each.result.check == check; });
  return steps;
}

TEST(Delivery, ARunThatPassedShowsEachGuarantee) {
  const std::string text = to_delivery_report(delivery_summary());
  EXPECT_TRUE(has(text, "**5 of 5 guarantees shown.**"));
  EXPECT_FALSE(has(text, "not tested"));
}

TEST(Delivery, WhatNobodyAskedForIsNotTestedAndNoFailure) {
  ks::report::Run run = delivery_run();
  run.demanded.clear();
  const Summary summary = delivery_summary(without("debezium_recovery"), run);
  EXPECT_EQ(summary.verdict.status, Status::kPass);
  const std::string text = to_delivery_report(summary);
  EXPECT_TRUE(has(text, "**4 of 5 guarantees shown.**"));
  EXPECT_TRUE(has(text, "- **Debezium offset recovery not tested**: debezium_recovery: give"))
      << text.substr(0, 600);
}

TEST(Delivery, WhatWasAskedForAndDidNotRunIsNoPass) {
  EXPECT_EQ(delivery_summary(without("debezium_recovery")).verdict.status, Status::kInconclusive);
}

TEST(Delivery, ASkipOnDemandIsNoFailureAndASkipThatWasAskedForIsNoPass) {
  std::vector<Step> steps = without("debezium_recovery");
  steps.push_back(step("debezium_recovery", Status::kSkip, "not here", "none", "skipped"));
  EXPECT_EQ(delivery_summary(steps).verdict.status, Status::kInconclusive);
  ks::report::Run run = delivery_run();
  run.demanded.clear();
  EXPECT_EQ(delivery_summary(steps, run).verdict.status, Status::kPass);
  EXPECT_EQ(judge_guarantees(delivery_summary(steps, run)).back().state,
            GuaranteeState::kNotTested);
}

TEST(Delivery, AFailureOfACheckThatNobodyAskedForCountsAllTheSame) {
  std::vector<Step> steps = delivery_steps();
  find(steps, "debezium_recovery", "judged")->result.status = Status::kFail;
  ks::report::Run run = delivery_run();
  run.demanded.clear();
  EXPECT_EQ(delivery_summary(steps, run).verdict.status, Status::kFail);
}

TEST(Delivery, OneOfTwoChecksThatFailsBreaksTheGuaranteeWithItsReason) {
  std::vector<Step> steps = delivery_steps();
  Step& chaos = *find(steps, "broker_chaos", "kept");
  chaos.result.status = Status::kFail;
  chaos.result.reason = "lost: 3, first orders[0]@7";
  const Summary summary = delivery_summary(steps);
  const Guarantee broker = judge_guarantees(summary).front();
  EXPECT_EQ(broker.state, GuaranteeState::kBroken);
  EXPECT_EQ(broker.reason, "broker_chaos (librdkafka): lost: 3, first orders[0]@7");
  EXPECT_TRUE(has(to_delivery_report(summary), "## 1. Broker restart: broken"));
}

TEST(Delivery, WithTooLittleEvidenceNothingIsShown) {
  std::vector<Step> steps = delivery_steps();
  find(steps, "client_partition", "kept")->result.status = Status::kInconclusive;
  find(steps, "client_partition", "kept")->result.reason = "no fault was seen";
  EXPECT_EQ(judge_guarantees(delivery_summary(steps))[2].state, GuaranteeState::kNotShown);
}

TEST(Delivery, ALimitThatDoesNotHoldIsMarked) {
  std::vector<Step> steps = delivery_steps();
  Result& kept = find(steps, "rolling_upgrade", "kept")->result;
  kept.metrics["produce_recovery_ms_max"] = 9000;
  kept.thresholds = {{"produce_recovery_ms_max", "<", 5000, 9000, false}};
  EXPECT_TRUE(has(to_delivery_report(delivery_summary(steps)), "| **9 s** | 713 ms |"));
}

// Of a librdkafka without idempotence, after leaders moved.
TEST(Delivery, WhatIsPromisedAndItsLimitFitADisorderThatIsExplained) {
  std::vector<Step> steps = delivery_steps();
  find(steps, "broker_chaos", "kept")->result.anomalies = {{"producer-order", 4, 4, {}}};
  const Summary summary = delivery_summary(steps);
  EXPECT_EQ(judge_guarantees(summary).front().state, GuaranteeState::kShown);
  const std::string text = to_delivery_report(summary);
  EXPECT_TRUE(has(text, "| Out of a producer's order | 0 | 4 | 0 unexplained |"));
  EXPECT_TRUE(has(text, "in each producer's order as far as its client keeps one"));
  EXPECT_TRUE(has(text, "| Out of a producer's order | 0 | 0 |\n"));  // of others' it is not said
}

TEST(Delivery, WhatAJudgeDidNotCountIsNotZero) {
  std::vector<Step> steps = delivery_steps();
  Result& kept = find(steps, "client_partition", "kept")->result;
  kept.metrics.erase("anomalies");
  const Summary summary = delivery_summary(steps);
  const DeliveryCheck check = judge_guarantees(summary)[2].checks.front();
  EXPECT_FALSE(check.figure("lost"));
}

TEST(Delivery, TheNameOfTheMachineIsNotTold) {
  ks::report::Run run = delivery_run();
  run.machine.host = "very-private-name";
  EXPECT_FALSE(has(to_delivery_report(delivery_summary(delivery_steps(), run)), "private-name"));
}

TEST(Delivery, OfTheGatesOwnKafkaThePageSaysWhatItIs) {
  EXPECT_TRUE(has(to_delivery_report(delivery_summary()), "| This Kafka | the gate's own, with"));
}

TEST(Delivery, HostileReasonsStayInTheirLines) {
  std::vector<Step> steps = delivery_steps();
  Step& kept = *find(steps, "client_partition", "kept");
  kept.result.status = Status::kFail;
  kept.result.reason = "x |\n# y <img src=x>";
  const std::string text = to_delivery_report(delivery_summary(steps));
  EXPECT_FALSE(has(text, "\n# y"));
  EXPECT_FALSE(has(text, " <img"));
}

}  // namespace
}  // namespace ks::report
