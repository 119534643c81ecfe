#include "lib/scenario/judge.h"

#include <gtest/gtest.h>

namespace ks::scenario {
namespace {

using report::Status;

Figures figures(const std::string& name, Type type, double records) {
  Figures out;
  out.name = name;
  out.type = type;
  out.records = records;
  out.attempts = records;
  out.elapsed_s = 2;
  return out;
}

std::vector<Figures> produced_and_read(double produced, double read) {
  return {figures("p", Type::kProduce, produced), figures("c", Type::kConsume, read)};
}

Check check(CheckType type, double value = 0) {
  Check out;
  out.name = "it";
  out.type = type;
  out.expected = value;
  out.limit = value;
  return out;
}

report::Result verification(std::vector<report::Anomaly> anomalies = {}) {
  report::Result out;
  out.anomalies = std::move(anomalies);
  return out;
}

// What ks-verify can explain, whatever it was told to allow.
report::Result explaining(const report::Anomaly& anomaly, std::uint64_t count) {
  report::Result out = verification({anomaly});
  out.data["explained"][anomaly.type] = count;
  return out;
}

Status status_of(const Check& c, const std::vector<Figures>& seen,
                 const std::optional<report::Result>& verified = std::nullopt) {
  return judge(c, seen, verified).status;
}

TEST(Judge, CountsAreOfWhatWasReadUnlessTheySayOtherwise) {
  const auto seen = produced_and_read(10, 9);
  EXPECT_EQ(status_of(check(CheckType::kCountEquals, 9), seen), Status::kPass);
  const Outcome wrong = judge(check(CheckType::kCountEquals, 10), seen, std::nullopt);
  EXPECT_EQ(wrong.status, Status::kFail);
  EXPECT_EQ(wrong.reason, "expected == 10, observed 9");
  EXPECT_EQ(status_of(check(CheckType::kCountEquals, 8), seen), Status::kFail);
  EXPECT_EQ(status_of(check(CheckType::kCountAtLeast, 8), seen), Status::kPass);
  EXPECT_EQ(status_of(check(CheckType::kCountAtLeast, 10), seen), Status::kFail);
  Check produced = check(CheckType::kCountEquals, 10);
  produced.of_produced = true;
  EXPECT_EQ(status_of(produced, seen), Status::kPass);
  Check named = check(CheckType::kCountEquals, 10);
  named.scenario = "p";
  EXPECT_EQ(status_of(named, seen), Status::kPass);
}

TEST(Judge, LatencyIsThatOfAllClientsTogether) {
  auto seen = produced_and_read(100, 100);
  for (int i = 0; i < 96; ++i) seen[0].latency.record(1'000'000);
  for (int i = 0; i < 4; ++i) seen[0].latency.record(50'000'000);
  EXPECT_EQ(status_of(check(CheckType::kLatency, 2), seen), Status::kPass);  // p95
  Check highest = check(CheckType::kLatency, 40);
  highest.quantile = 1;
  EXPECT_EQ(status_of(highest, seen), Status::kFail);
  highest.limit = 51;
  EXPECT_EQ(status_of(highest, seen), Status::kPass);
  highest.scenario = "c";  // which has none
  EXPECT_EQ(status_of(highest, seen), Status::kInconclusive);
}

TEST(Judge, ErrorsAndThroughput) {
  auto seen = produced_and_read(98, 100);
  seen[0].attempts = 100;
  seen[0].errors = 2;
  EXPECT_EQ(status_of(check(CheckType::kErrorRate, 0.01), seen), Status::kPass);  // 2 of 200
  EXPECT_EQ(status_of(check(CheckType::kErrorRate, 0.009), seen), Status::kFail);
  Check of_producer = check(CheckType::kErrorRate, 0.01);
  of_producer.scenario = "p";
  EXPECT_EQ(status_of(of_producer, seen), Status::kFail);
  EXPECT_EQ(status_of(check(CheckType::kErrorRate, 0), produced_and_read(0, 0)),
            Status::kInconclusive);
  EXPECT_EQ(status_of(check(CheckType::kThroughput, 49), seen), Status::kPass);
  EXPECT_EQ(status_of(check(CheckType::kThroughput, 49.5), seen), Status::kFail);
}

TEST(Judge, ThroughputOneAfterTheOtherDoesNotAddUp) {
  std::vector<Figures> seen{figures("a", Type::kProduce, 200), figures("b", Type::kProduce, 200)};
  seen[0].began_ns = seen[1].began_ns = 1'000'000'000;
  EXPECT_EQ(status_of(check(CheckType::kThroughput, 200), seen), Status::kPass);
  seen[1].began_ns += 2'000'000'000;
  EXPECT_EQ(status_of(check(CheckType::kThroughput, 100), seen), Status::kPass);
  EXPECT_EQ(status_of(check(CheckType::kThroughput, 101), seen), Status::kFail);
}

TEST(Judge, MetricsOfAPage) {
  Figures page = figures("m", Type::kMetrics, 1);
  page.samples = {{"up", 1}, {"rps{api=\"a\"}", 5}, {"n{k=\"1\"}", 1}, {"n{k=\"2\"}", 2}};
  Check metric = check(CheckType::kMetric);
  metric.metric = "up";
  EXPECT_EQ(status_of(metric, {page}), Status::kPass);
  metric.bounds = {{"==", 1}};
  EXPECT_EQ(status_of(metric, {page}), Status::kPass);
  metric.bounds = {{">=", 1}, {"<=", 0.5}};
  EXPECT_EQ(status_of(metric, {page}), Status::kFail);
  metric.metric = "rps";  // the only one
  metric.bounds = {{"==", 5}};
  EXPECT_EQ(status_of(metric, {page}), Status::kPass);
  metric.metric = "n";  // which of the two?
  EXPECT_EQ(status_of(metric, {page}), Status::kFail);
  metric.metric = "gone";
  metric.bounds = {};
  EXPECT_EQ(status_of(metric, {page}), Status::kFail);
}

struct OfHistory {
  CheckType type;
  const char* anomaly;
};

TEST(Judge, ChecksOfTheHistoryFailByTheirAnomaliesAlone) {
  const auto seen = produced_and_read(5, 5);
  for (const auto& [type, anomaly] : {OfHistory{CheckType::kNoDuplicates, "duplicate"},
                                      {CheckType::kNoLoss, "lost"},
                                      {CheckType::kNoLoss, "truncation"},
                                      {CheckType::kUuidMatch, "phantom"},
                                      {CheckType::kUuidMatch, "corrupt"},
                                      {CheckType::kOffsetsMonotonic, "nonmonotonic-poll"},
                                      {CheckType::kOffsetsMonotonic, "inconsistent-offset"},
                                      {CheckType::kOrder, "producer-order"},
                                      {CheckType::kAnomalies, "group-skip"}}) {
    EXPECT_EQ(status_of(check(type), seen, verification()), Status::kPass) << anomaly;
    EXPECT_EQ(status_of(check(type), seen, verification({{anomaly, 1, 0, {"it"}}})), Status::kFail)
        << anomaly;
    if (type == CheckType::kAnomalies) continue;
    EXPECT_EQ(status_of(check(type), seen, verification({{"stale-read", 1, 0, {"it"}}})),
              Status::kPass)
        << anomaly;
  }
  const Outcome lost =
      judge(check(CheckType::kNoLoss), seen, verification({{"lost", 2, 0, {"send 7 -> 3"}}}));
  EXPECT_EQ(lost.reason, "expected == 0, observed 2, first lost: send 7 -> 3");
}

TEST(Judge, ExplainedDuplicatesAreAllowedWhereTheCheckSaysSo) {
  const auto seen = produced_and_read(5, 5);
  Check strict = check(CheckType::kNoDuplicates);
  EXPECT_EQ(status_of(strict, seen, explaining({"duplicate", 2, 2, {}}, 2)), Status::kFail);
  strict.explained = true;
  EXPECT_EQ(status_of(strict, seen, explaining({"duplicate", 2, 2, {}}, 2)), Status::kPass);
  EXPECT_EQ(status_of(strict, seen, explaining({"duplicate", 3, 2, {}}, 2)), Status::kFail);
}

// All checks' allowances are those of the one ks-verify.
TEST(Judge, WhatAnotherCheckAllowsIsNotExplained) {
  const auto seen = produced_and_read(5, 5);
  const report::Result allowed = verification({{"duplicate", 10, 10, {}}});
  Check duplicates = check(CheckType::kNoDuplicates);
  duplicates.explained = true;
  EXPECT_EQ(status_of(duplicates, seen, allowed), Status::kFail);
  Check anomalies = check(CheckType::kAnomalies);
  anomalies.allow = {"duplicate=explained"};
  EXPECT_EQ(status_of(anomalies, seen, allowed), Status::kFail);
}

TEST(Judge, AllowancesOfAnomalies) {
  const auto seen = produced_and_read(5, 5);
  Check anomalies = check(CheckType::kAnomalies);
  anomalies.allow = {"poll-skip<=2", "duplicate=explained"};
  EXPECT_EQ(status_of(anomalies, seen, verification({{"poll-skip", 2, 2, {}}})), Status::kPass);
  EXPECT_EQ(status_of(anomalies, seen, verification({{"poll-skip", 3, 2, {}}})), Status::kFail);
  EXPECT_EQ(status_of(anomalies, seen, explaining({"duplicate", 1, 1, {}}, 1)), Status::kPass);
}

TEST(Judge, UuidsMustBeThoseThatWereSent) {
  auto seen = produced_and_read(5, 5);
  report::Result verified = verification();
  verified.metrics["foreign_records"] = 1;
  EXPECT_EQ(status_of(check(CheckType::kUuidMatch), seen, verified), Status::kFail);
  seen[1].mismatched = 1;
  EXPECT_EQ(status_of(check(CheckType::kUuidMatch), seen, verification()), Status::kFail);
  EXPECT_EQ(status_of(check(CheckType::kUuidMatch), produced_and_read(5, 0), verification()),
            Status::kInconclusive);
}

TEST(Judge, RecoveryIsTheSlowestOfThePartitions) {
  const auto seen = produced_and_read(5, 5);
  report::Result verified = verification();
  EXPECT_EQ(status_of(check(CheckType::kRecovery, 5000), seen, verified), Status::kInconclusive);
  verified.metrics = {{"produce_recovery_ms_max", 900}, {"consume_recovery_ms_max", 4000}};
  EXPECT_EQ(status_of(check(CheckType::kRecovery, 5000), seen, verified), Status::kPass);
  EXPECT_EQ(status_of(check(CheckType::kRecovery, 3000), seen, verified), Status::kFail);
  Check producing = check(CheckType::kRecovery, 3000);
  producing.operation = "produce";
  EXPECT_EQ(status_of(producing, seen, verified), Status::kPass);
  verified.metrics["produce_recoveries_open"] = 1;
  EXPECT_EQ(status_of(producing, seen, verified), Status::kFail);
}

TEST(Judge, MissingEvidenceIsNoPass) {
  const auto seen = produced_and_read(5, 5);
  report::Result verified = verification();
  verified.status = Status::kInconclusive;
  verified.data["missing_evidence"] = {"nobody read orders-0 to its end"};
  const Outcome outcome = judge(check(CheckType::kNoLoss), seen, verified);
  EXPECT_EQ(outcome.status, Status::kInconclusive);
  EXPECT_EQ(outcome.reason, "nobody read orders-0 to its end");
  EXPECT_EQ(status_of(check(CheckType::kNoLoss), seen), Status::kError);
}

TEST(Judge, WhatCouldNotRunIsNoViolation) {
  auto seen = produced_and_read(5, 0);
  seen[1].is_complete = false;
  seen[1].why = "no listener";
  const Outcome outcome = judge(check(CheckType::kCountEquals, 5), seen, std::nullopt);
  EXPECT_EQ(outcome.status, Status::kError);
  EXPECT_EQ(outcome.reason, "c could not run: no listener");
  Check produced = check(CheckType::kCountEquals, 5);
  produced.of_produced = true;
  EXPECT_EQ(status_of(produced, seen), Status::kPass);
}

TEST(Figures, AreThoseOfAllClientsTogether) {
  Traffic traffic;
  traffic.name = "p";
  traffic.clients = 2;
  stats::Histogram fast;
  fast.record(1'000'000);
  stats::Histogram slow;
  slow.record(9'000'000);
  const auto result = [](double acked, double elapsed_s, const stats::Histogram& latency) {
    report::Result out;
    out.metrics = {{"acked_records", acked},
                   {"attempted_records", acked + 1},
                   {"errors", 1},
                   {"elapsed_s", elapsed_s}};
    out.data["histograms"]["latency_ns"] = latency.to_json();
    return out;
  };
  const Figures both = figures_of(traffic, {result(3, 1, fast), result(4, 2, slow)});
  EXPECT_TRUE(both.is_complete);
  EXPECT_EQ(both.records, 7);
  EXPECT_EQ(both.attempts, 9);
  EXPECT_EQ(both.errors, 2);
  EXPECT_EQ(both.elapsed_s, 2);
  EXPECT_EQ(both.latency.count(), 2u);
  EXPECT_GE(both.latency.max(), 9'000'000);
  EXPECT_FALSE(figures_of(traffic, {result(3, 1, fast)}).is_complete);
}

TEST(Judge, ARefusalIsOneOnlyWhereNothingGotThrough) {
  auto seen = produced_and_read(0, 10);
  Check refused = check(CheckType::kAuthorization);
  refused.scenario = "p";
  refused.refused = true;
  // Neither refused nor served: nobody knows.
  EXPECT_EQ(status_of(refused, seen), Status::kInconclusive);
  seen[0].refusals = 3;
  const Outcome outcome = judge(refused, seen, std::nullopt);
  EXPECT_EQ(outcome.status, Status::kPass);
  EXPECT_EQ(outcome.actual, "3 refusals, 0 records");
  seen[0].records = 1;
  EXPECT_EQ(status_of(refused, seen), Status::kFail);
  Check granted = refused;
  granted.refused = false;
  EXPECT_EQ(status_of(granted, seen), Status::kFail);
  granted.scenario = "c";
  EXPECT_EQ(status_of(granted, seen), Status::kPass);
  refused.scenario = "c";
  EXPECT_EQ(judge(refused, seen, std::nullopt).reason,
            "expected to be refused, observed 0 refusals, 10 records");
}

TEST(Judge, WhatMovesHasGrownAndKeepsItsBounds) {
  std::vector<Figures> seen{figures("m", Type::kMetrics, 1)};
  Check moves = check(CheckType::kMetric);
  moves.metric = "a";
  moves.moves = true;
  EXPECT_EQ(judge(moves, seen, std::nullopt).reason, "'a' was not compared");
  seen[0].violations = {"metric 'a' is not on the page"};
  EXPECT_EQ(judge(moves, seen, std::nullopt).reason, "metric 'a' is not on the page");
  seen[0].growth["a"] = 0;
  EXPECT_EQ(status_of(moves, seen), Status::kFail);
  seen[0].growth["a"] = 2;
  EXPECT_EQ(status_of(moves, seen), Status::kPass);
  seen[0].samples["a"] = 9;
  moves.bounds = {{"<=", 8}};
  EXPECT_EQ(status_of(moves, seen), Status::kFail);
  moves.bounds = {{"<=", 9}};
  EXPECT_EQ(status_of(moves, seen), Status::kPass);
}

}  // namespace
}  // namespace ks::scenario
