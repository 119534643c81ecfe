#include "lib/report/comparison.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace ks::report {
namespace {

const FigureKey kLatency{"offsets", "wire", "read", "latency_ms_p99"};
const FigureKey kRate{"offsets", "wire", "read", "read_per_s"};

BaselineRun run_with(int number, Figures figures) {
  BaselineRun out{run_of("kafka"), std::move(figures)};
  out.run.run_id = "run-" + std::to_string(number);
  out.run.started_at_ns += number * 60'000'000'000;
  out.run.machine.cpus = 2;
  return out;
}

History history_of(const std::vector<double>& latencies_ms) {
  History out;
  for (const double latency_ms : latencies_ms) {
    out.runs.push_back(run_with(static_cast<int>(out.runs.size()), {{kLatency, latency_ms}}));
  }
  return out;
}

Comparison against(const std::vector<double>& latencies_ms, double now_ms) {
  return compare(run_with(100, {{kLatency, now_ms}}), history_of(latencies_ms));
}

TEST(Comparison, NamesARegressionWithItsSize) {
  const Comparison comparison = against({100, 101, 99, 100, 102}, 150);
  EXPECT_EQ(comparison.status, Status::kFail);
  ASSERT_EQ(comparison.figures.size(), 1U);
  EXPECT_EQ(sentence(comparison.figures[0]),
            "regression: offsets (wire) read latency_ms_p99: 150, median 100 of 5 earlier runs "
            "(spread 1.483), +50 %");
  EXPECT_EQ(
      sentence(comparison),
      "fail: 1 regression; 5 earlier runs of target kafka, profile embedded, stage pr, short");
}

TEST(Comparison, WhatIsWithinTheSpreadIsAsBefore) {
  const std::vector<double> noisy{100, 140, 60, 120, 80, 100, 150};  // deviation 29.7, times 4: 119
  EXPECT_EQ(against(noisy, 210).status, Status::kPass);
  EXPECT_EQ(against(noisy, 230).status, Status::kFail);
}

TEST(Comparison, TinyChangesOfSteadyFiguresAreNoise) {
  EXPECT_EQ(against({100, 100, 100, 100, 100}, 119).status, Status::kPass);  // 20 %
  EXPECT_EQ(against({100, 100, 100, 100, 100}, 121).status, Status::kFail);
  EXPECT_EQ(against({1, 1, 1, 1, 1}, 10.9).status, Status::kPass);  // 10 ms
  EXPECT_EQ(against({1, 1, 1, 1, 1}, 11.1).status, Status::kFail);
}

TEST(Comparison, OneWildEarlierRunHidesNothing) {
  EXPECT_EQ(against({100, 100, 101, 99, 1000}, 150).status, Status::kFail);
}

TEST(Comparison, ToldIsAlsoWhatIsBetter) {
  const Comparison comparison = against({100, 101, 99, 100, 102}, 50);
  EXPECT_EQ(comparison.status, Status::kPass);
  EXPECT_EQ(comparison.figures[0].change, Change::kImprovement);
  EXPECT_DOUBLE_EQ(comparison.figures[0].percent.value_or(0), -50);
}

TEST(Comparison, ARateIsBetterWhereItIsHigher) {
  History history;
  for (int i = 0; i < 5; ++i) history.runs.push_back(run_with(i, {{kRate, 1000}}));
  EXPECT_EQ(compare(run_with(9, {{kRate, 700}}), history).status, Status::kFail);
  EXPECT_EQ(compare(run_with(9, {{kRate, 1300}}), history).figures[0].change, Change::kImprovement);
}

TEST(Comparison, FewerThanFiveEarlierRunsSayNothing) {
  const Comparison comparison = against({100, 100, 100, 100}, 500);
  EXPECT_EQ(comparison.status, Status::kInconclusive);
  EXPECT_EQ(comparison.figures[0].change, Change::kTooFew);
  EXPECT_EQ(sentence(comparison),
            "inconclusive: 0 regressions, 1 with too few earlier runs; 4 earlier runs of target "
            "kafka, profile embedded, stage pr, short, of 5 that it takes");
  EXPECT_EQ(against({}, 1).status, Status::kInconclusive);
}

TEST(Comparison, AFigureThatIsNewIsToldAndFailsNothing) {
  const Comparison comparison =
      compare(run_with(9, {{kLatency, 100}, {kRate, 1}}), history_of({100, 100, 100, 100, 100}));
  EXPECT_EQ(comparison.status, Status::kPass);
  EXPECT_EQ(comparison.count(Change::kTooFew), 1U);
}

TEST(Comparison, AFigureThatIsGoneIsNoPass) {
  const Comparison comparison = compare(run_with(9, {}), history_of({100, 100, 100, 100, 100}));
  EXPECT_EQ(comparison.status, Status::kInconclusive);
  EXPECT_EQ(sentence(comparison.figures.at(0)),
            "missing: offsets (wire) read latency_ms_p99: not measured, median 100 of 5 earlier "
            "runs (spread 0)");
}

TEST(Comparison, OnlyEarlierRunsOfTheSameKindAndMachineCount) {
  History history = history_of({100, 100, 100, 100, 100, 100, 100, 100, 100});
  history.runs[0].run.profile = "other";
  history.runs[1].run.target = "kafscale";
  history.runs[2].run.machine.cpus = 64;
  history.runs[3].run.run_id = "run-100";                          // itself
  history.runs[4].run.started_at_ns += 10'000LL * 60'000'000'000;  // later
  const Comparison comparison = compare(run_with(100, {{kLatency, 500}}), history);
  EXPECT_EQ(comparison.earlier_runs,
            (std::vector<std::string>{"run-5", "run-6", "run-7", "run-8"}));
  EXPECT_EQ(comparison.other_machines, 1U);
  EXPECT_EQ(comparison.status, Status::kInconclusive);
}

TEST(Comparison, OnlyTheNewestTwentyCount) {
  std::vector<double> latencies_ms(30, 1000);
  latencies_ms.insert(latencies_ms.end(), 20, 100);
  EXPECT_EQ(against(latencies_ms, 500).status, Status::kFail);
}

}  // namespace
}  // namespace ks::report
