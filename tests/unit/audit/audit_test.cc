#include "lib/audit/audit.h"

#include <gtest/gtest.h>

#include "lib/membership/judge.h"
#include "lib/report/anomaly_words.h"
#include "lib/report/timeline_input.h"

namespace ks::audit {
namespace {

using verify::AnomalyType;

verify::Anomaly seen(std::uint64_t count, std::uint64_t explained = 0) {
  return {count, explained, {"orders[0]@1"}};
}

TEST(Allowances, NothingIsAllowedByItself) {
  const auto none = Allowances::parse({});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->allowed(AnomalyType::kDuplicate, seen(3, 3)), 0U);
}

TEST(Allowances, ATypeWhollyUpToANumberOrAsFarAsItIsExplained) {
  const auto allowances = Allowances::parse({"poll-skip", "lost<=2", "duplicate=explained"});
  ASSERT_TRUE(allowances) << allowances.error().message();
  EXPECT_EQ(allowances->allowed(AnomalyType::kPollSkip, seen(7)), 7U);
  EXPECT_EQ(allowances->allowed(AnomalyType::kLost, seen(7)), 2U);
  EXPECT_EQ(allowances->allowed(AnomalyType::kLost, seen(1)), 1U);
  EXPECT_EQ(allowances->allowed(AnomalyType::kDuplicate, seen(7, 4)), 4U);
  EXPECT_EQ(allowances->allowed(AnomalyType::kProducerOrder, seen(7, 4)), 0U);
  EXPECT_EQ(allowances->allowed(AnomalyType::kPhantom, seen(1)), 0U);
}

TEST(Allowances, OrderIsExplainedApartFromDuplicates) {
  const auto allowances = Allowances::parse({"producer-order=explained"});
  ASSERT_TRUE(allowances) << allowances.error().message();
  EXPECT_EQ(allowances->allowed(AnomalyType::kProducerOrder, seen(7, 4)), 4U);
  EXPECT_EQ(allowances->allowed(AnomalyType::kDuplicate, seen(7, 4)), 0U);
}

TEST(Allowances, WhatIsNoneIsNamed) {
  for (const char* text : {"", "lots", "lost=explained", "=explained", "duplicate=explained<=1",
                           "lost<=", "lost<=-1", "lost<=two"}) {
    EXPECT_FALSE(Allowances::parse({text})) << text;
  }
}

// The wire client counts what is in flight by partition, too, librdkafka only by connection.
TEST(Audit, WhoseOrderEndsWithTheLeader) {
  history::FileSummary file;
  file.head.in_order = true;
  for (const auto& [client, repeats, ends] :
       {std::tuple("librdkafka", true, true), std::tuple("librdkafka-2.6.1", true, true),
        std::tuple("librdkafka", false, false), std::tuple("wire", true, false)}) {
    file.head.client = client;
    file.head.retries_may_duplicate = repeats;
    EXPECT_TRUE(writer_of(file).in_order);
    EXPECT_EQ(writer_of(file).order_ends_with_leader, ends) << client << " " << repeats;
  }
}

TEST(Audit, EveryAnomalyIsExplainedInTheReport) {
  for (int i = 0; i < verify::kAnomalyTypes; ++i) {
    const char* name = name_of(static_cast<AnomalyType>(i));
    EXPECT_NE(report::meaning_of_anomaly(name), "") << name;
  }
  using namespace membership;
  for (const char* name :
       {kAssignedTwice, kUnassigned, kStrayAssignment, kLeadersDiffer, kGenerationRegressed,
        kNotSettled, kCommitRefused, kFencedCommitAccepted, kFencedHeartbeatAccepted}) {
    EXPECT_NE(report::meaning_of_anomaly(name), "") << name;
  }
  EXPECT_EQ(report::meaning_of_anomaly("something else"), "");
}

TEST(Audit, WhatIsNotAllowedFailsTheResult) {
  verify::Verdict verdict;
  for (int i = 0; i < 3; ++i) verdict.anomalies.found(AnomalyType::kLost, [] { return "here"; });
  report::Result result;
  put(verdict, *Allowances::parse({"lost<=2"}), result);
  EXPECT_EQ(result.status, report::Status::kFail);
  EXPECT_EQ(result.reason, "lost: 3, first here");
  EXPECT_EQ(result.metrics.at("anomalies"), 1);
  report::Result allowed;
  put(verdict, *Allowances::parse({"lost<=3"}), allowed);
  EXPECT_EQ(allowed.status, report::Status::kPass);
  EXPECT_EQ(allowed.anomalies.at(0).allowed, 3U);
}

TEST(Audit, WhatCanBeExplainedIsToldWhateverIsAllowed) {
  verify::Verdict verdict;
  for (const bool explained : {true, false, true}) {
    verdict.anomalies.found(
        AnomalyType::kDuplicate, [] { return "here"; }, explained);
  }
  report::Result result;
  put(verdict, *Allowances::parse({"duplicate"}), result);
  EXPECT_EQ(result.anomalies.at(0).allowed, 3U);
  EXPECT_EQ(result.data.at("explained").at("duplicate"), 2U);
}

// A consumer tries until it reads: there is no rate of it that could be low.
TEST(Audit, OnlyProducingHasASuccessRate) {
  verify::Verdict verdict;
  for (const char* name : {"produce", "consume"}) {
    verdict.operations.push_back({"orders", 0, name, {}});
    verdict.operations.back().availability.success(1);
  }
  report::Result result;
  put(verdict, *Allowances::parse({}), result);
  EXPECT_TRUE(result.metrics.contains("produce_success_rate_min"));
  EXPECT_FALSE(result.metrics.contains("consume_success_rate_min"));
}

TEST(Audit, OfSeveralPartitionsTheWorstIsTheMetric) {
  verify::Verdict verdict;
  for (const std::int64_t recovery_ms : {30, 700, 5}) {
    verify::Verdict::Operation operation{"orders", 0, "produce", {}};
    verify::Availability& a = operation.availability;
    constexpr std::int64_t kMs = 1'000'000;
    a.success(1000 * kMs);
    a.fault(0, 1001 * kMs);
    if (recovery_ms > 10) a.failure();
    for (int i = 0; i < verify::Availability::kSteady; ++i) {
      a.success((1000 + recovery_ms + i) * kMs);
    }
    verdict.operations.push_back(operation);
  }
  report::Result result;
  put(verdict, *Allowances::parse({}), result);
  EXPECT_DOUBLE_EQ(result.metrics.at("produce_recovery_ms_max"), 700);
  EXPECT_DOUBLE_EQ(result.metrics.at("produce_gap_ms_max"), 700);
  EXPECT_DOUBLE_EQ(result.metrics.at("produce_success_rate_min"), 11.0 / 12);
  EXPECT_DOUBLE_EQ(result.metrics.at("produce_recoveries_open"), 0);
}

// What the report draws is what was judged.
TEST(Audit, FaultsAndRecoveriesHaveTheirTimes) {
  constexpr std::int64_t kMs = 1'000'000;
  constexpr std::int64_t kStart = 1'769'860'800'000 * kMs;
  verify::Verdict verdict;
  verdict.faults = {{0, kStart + 90 * kMs, kStart + 100 * kMs, kStart + 150 * kMs},
                    {0, kStart + 900 * kMs, 0, 0}};
  verify::Verdict::Operation operation{"orders", 3, "produce", {}};
  verify::Availability& a = operation.availability;
  a.success(kStart + 80 * kMs);
  a.fault(0, kStart + 100 * kMs);
  for (int i = 0; i < verify::Availability::kSteady; ++i) a.success(kStart + (200 + i) * kMs);
  verdict.operations = {operation};
  report::Result result;
  put(Audit{{}, {"kill", "pause"}, verdict}, *Allowances::parse({}), result);
  const report::Disturbances read = report::parse_disturbances(result.data);
  EXPECT_EQ(read.problem, "");
  ASSERT_EQ(read.faults.size(), 2U);
  EXPECT_EQ(read.faults[0].name, "kill");
  EXPECT_EQ(read.faults[0].begun_ns, kStart + 90 * kMs);
  EXPECT_EQ(read.faults[0].confirmed_ns, kStart + 100 * kMs);
  EXPECT_EQ(read.faults[0].healed_ns, kStart + 150 * kMs);
  EXPECT_FALSE(read.faults[1].confirmed_ns || read.faults[1].healed_ns);
  ASSERT_EQ(read.partitions.size(), 1U);
  EXPECT_EQ(read.partitions[0].gap_ms, 120);
  EXPECT_EQ(read.partitions[0].gap_from_ns, kStart + 80 * kMs);
  ASSERT_EQ(read.partitions[0].recoveries.size(), 1U);
  EXPECT_EQ(read.partitions[0].recoveries[0].confirmed_ns, kStart + 100 * kMs);
  EXPECT_EQ(read.partitions[0].recoveries[0].from_ns, kStart + 80 * kMs);
  EXPECT_EQ(read.partitions[0].recoveries[0].to_ns, kStart + 200 * kMs);
}

}  // namespace
}  // namespace ks::audit
