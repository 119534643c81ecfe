#include "lib/report/performance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/report/check_end.h"
#include "lib/report/performance_chart.h"
#include "lib/report/performance_words.h"
#include "performance_builders.h"

namespace ks::report {
namespace {

Manifest two_workloads() {
  Manifest out{check("throughput", Stage::kPerformance), check("burst", Stage::kPerformance),
               check("max_rate", Stage::kPerformance), check("connectivity")};
  out[2].on_demand = "ask for it";
  return out;
}

// A run folder in which each of these workloads was judged.
RunFolder folder(const std::string& id, std::int64_t started_s, bool is_full,
                 const std::vector<std::string>& workloads, double p95 = 10) {
  RunFolder out;
  out.run = performance_run();
  out.run.run_id = id;
  out.run.started_at_ns += started_s * 1'000'000'000;
  out.run.full_time = is_full;
  for (const std::string& name : workloads) {
    Step judged = step(name, Status::kPass, "", "wire", "judged");
    std::vector<Metrics> runs(3, {{"latency_ms_p95", p95}});
    judged.repeats = repeated_figures(runs);
    out.steps.push_back(judged);
  }
  return out;
}

TEST(PerformanceTest, TakesTheNewestRunOfEachWorkloadAndRatherOneOfFullTime) {
  const auto found =
      make_performance(two_workloads(), {folder("old", 0, true, {"throughput", "burst"}),
                                         folder("new", 10, true, {"throughput"}),
                                         folder("short", 20, false, {"burst"})});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->workloads.size(), 2u);
  EXPECT_EQ(found->workloads[0].run.run_id, "new");
  EXPECT_EQ(found->workloads[1].run.run_id, "old");
  EXPECT_TRUE(found->missing.empty());
}

TEST(PerformanceTest, AWorkloadWithoutARunIsMissing) {
  const auto found = make_performance(two_workloads(), {folder("a", 0, true, {"burst"})});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->missing.size(), 1u);
  EXPECT_EQ(found->missing[0].name, "throughput");
  EXPECT_NE(unmeasured_of(*found).front().find("make perf WORKLOAD=throughput"), std::string::npos);
}

TEST(PerformanceTest, RunsOfAnotherProfileAreLeftOutAndNamed) {
  RunFolder other = folder("other", 0, true, {"throughput"});
  other.run.profile = "local-docker";
  const auto found = make_performance(two_workloads(), {other, folder("a", 5, true, {"burst"})});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->left_out, std::vector<std::string>{"other"});
  EXPECT_EQ(found->missing.size(), 1u);
}

// Figures of two builds on one page would be nobody's.
TEST(PerformanceTest, RunsOfAnotherBuildAreLeftOutAndNamed) {
  RunFolder before = folder("before", 0, true, {"throughput", "burst"});
  before.run.broker.build = "build-0";
  const auto found =
      make_performance(two_workloads(), {before, folder("after", 5, false, {"burst"})});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->workloads.size(), 1u);
  EXPECT_EQ(found->workloads[0].run.run_id, "after");
  EXPECT_EQ(unmeasured_of(*found).back(),
            "Runs of another target, profile, product or build are left out: before.");
}

TEST(PerformanceTest, AnOlderRunDoesNotHideThatTheNewestBrokeOff) {
  RunFolder newest = folder("new", 10, true, {"burst"});
  newest.steps.push_back(step("throughput", Status::kError, "killed", "wire", "produce_1"));
  const auto found =
      make_performance(two_workloads(), {folder("old", 0, true, {"throughput"}), newest});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->workloads[0].broke_off_in, "new");
  EXPECT_EQ(found->workloads[1].broke_off_in, "");
  EXPECT_EQ(unmeasured_of(*found).front(),
            "`throughput` in run new: it did not come to its end; what is shown is of run old, "
            "before that.");
}

TEST(PerformanceTest, NoRunAtAllIsAnError) {
  EXPECT_FALSE(make_performance(two_workloads(), {}));
  EXPECT_FALSE(make_performance(two_workloads(), {folder("a", 0, true, {})}));
  RunFolder gate = folder("a", 0, true, {"burst"});
  gate.run.stage = Stage::kPr;
  EXPECT_FALSE(make_performance(two_workloads(), {gate}));
}

TEST(PerformanceTest, AFailedStepIsTheWorkloads) {
  RunFolder run = folder("a", 0, true, {"burst"});
  run.steps.push_back(step("burst", Status::kFail, "2 records are lost", "wire", "kept_2"));
  const auto found = make_performance(two_workloads(), {run});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->workloads[0].status, Status::kFail);
  EXPECT_EQ(found->workloads[0].reason, "kept_2: 2 records are lost");
}

// All its steps had passed when it died.
TEST(PerformanceTest, AWorkloadThatDidNotReachItsEndKeepsNoLimits) {
  RunFolder run = folder("a", 0, true, {"burst"});
  run.steps.front().is_covered = false;
  const auto killed = make_performance(two_workloads(), {run});
  ASSERT_TRUE(killed);
  EXPECT_EQ(killed->workloads[0].status, Status::kError);
  EXPECT_EQ(killed->workloads[0].reason, kNoEnd);
  run.steps.front().is_covered = true;
  run.ends.push_back({"burst", "wire", Status::kInconclusive, "interrupted by signal 2"});
  const auto interrupted = make_performance(two_workloads(), {run});
  ASSERT_TRUE(interrupted);
  EXPECT_EQ(interrupted->workloads[0].status, Status::kInconclusive);
  EXPECT_NE(to_markdown(*interrupted).find("**0 of 2 workloads keep their limits.**"),
            std::string::npos);
}

TEST(PerformanceTest, APassThatItsOwnFiguresContradictIsAFailure) {
  RunFolder run = folder("a", 0, true, {"burst"});
  run.steps.front().result.thresholds = {{"latency_ms_p95_median", "<", 5, 10, false}};
  const auto found = make_performance(two_workloads(), {run});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->workloads[0].status, Status::kFail);
}

TEST(PerformanceTest, WithoutAPassOfEachRunsHistoryNothingIsSaidToBeKept) {
  Workload burst = workload("burst", {{"anomalies", 0}, {"acked_records", 1000}});
  const auto page = [&] { return to_markdown(performance_of({burst})); };
  EXPECT_NE(page().find("acknowledged |  |  | kept |"), std::string::npos) << page();
  burst.kept[2] = Status::kInconclusive;
  EXPECT_NE(page().find("acknowledged |  |  | **not shown** |"), std::string::npos) << page();
  burst.kept.erase(2);
  EXPECT_NE(page().find("acknowledged |  |  | **not shown** |"), std::string::npos) << page();
}

TEST(PerformanceTest, WhatBecameOfEachRunsRecordsIsTakenFromItsSteps) {
  RunFolder run = folder("a", 0, true, {"burst"});
  run.steps.push_back(step("burst", Status::kPass, "", "wire", "kept_1"));
  run.steps.push_back(step("burst", Status::kInconclusive, "not read", "wire", "kept_2"));
  const auto found = make_performance(two_workloads(), {run});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->workloads[0].kept,
            (std::map<std::size_t, Status>{{1, Status::kPass}, {2, Status::kInconclusive}}));
}

TEST(PerformanceTest, ProducersOfOneRunAddUp) {
  RunFolder run = folder("a", 0, true, {"burst"});
  for (const char* name : {"produce_videos_1", "produce_users_1"}) {
    Step produce = step("burst", Status::kPass, "", "wire", name);
    produce.series.seconds = {{0, 100, 0, Latency{1, name[8] == 'v' ? 7.0 : 9.0, 10}}};
    run.steps.push_back(produce);
  }
  const auto found = make_performance(two_workloads(), {run});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->workloads[0].runs.size(), 1u);
  EXPECT_EQ(found->workloads[0].runs[0].produced[0].records, 200);
  EXPECT_EQ(found->workloads[0].runs[0].produced[0].latency->p95_ms, 9);
  EXPECT_TRUE(found->workloads[0].is_change_data);
}

TEST(PerformanceTest, OfTheGatesOwnKafkaThePageSaysWhatItIs) {
  Performance page = performance_of({workload("burst", {{"acked_per_s", 1000}})});
  EXPECT_NE(to_markdown(page).find("| This Kafka | the gate's own, with a small heap"),
            std::string::npos);
  page.run.profile = "kafka-local";
  EXPECT_EQ(to_markdown(page).find("This Kafka"), std::string::npos);
}

TEST(PerformanceTest, OfChangeDataCaptureThePageSaysWhoseTheFiguresAre) {
  Workload capture = workload("burst", {{"acked_per_s", 1000}});
  EXPECT_EQ(to_markdown(performance_of({capture})).find("first table"), std::string::npos);
  capture.is_change_data = true;
  EXPECT_NE(to_markdown(performance_of({capture})).find("those of the first table, `videos`"),
            std::string::npos);
}

TEST(PerformanceTest, WhichWorkloadsHaveWhichRecordsIsTold) {
  Workload captured = workload("burst", {{"acked_per_s", 1000}});
  captured.is_change_data = true;
  const Workload generated = workload("snapshot", {{"acked_per_s", 1000}});
  const auto page = [](const std::vector<Workload>& workloads) {
    return to_markdown(performance_of(workloads));
  };
  EXPECT_NE(page({captured, generated, workload("startup", {{"ready_ms", 100}})})
                .find("| Records | change data capture: Debezium-like envelopes of three tables "
                      "(burst); generated, incompressible text that carries an identity "
                      "(snapshot) |"),
            std::string::npos);
  EXPECT_NE(page({captured}).find("envelopes of three tables |"), std::string::npos);
}

// A port that is forwarded is on loopback, too.
TEST(PerformanceTest, WhereBrokersRunIsToldAsFarAsItIsKnown) {
  Performance page = performance_of({workload("burst", {{"acked_per_s", 1000}})});
  EXPECT_NE(to_markdown(page).find("| on the generator's machine, which they share with it |"),
            std::string::npos);
  page.run.profile = "k8s-local";
  page.run.brokers = {"127.0.0.1:9092"};
  EXPECT_NE(to_markdown(page).find("| at addresses on loopback: the generator's machine, or a "),
            std::string::npos);
  page.run.brokers = {"127.0.0.1:9092", "kafka:9092"};
  EXPECT_NE(to_markdown(page).find("| at addresses that are not all on loopback |"),
            std::string::npos);
}

TEST(PerformanceTest, NothingIsSaidOfAllRunsThatIsNotTrueOfEach) {
  const std::string text = to_markdown(performance_of({workload("startup", {{"ready_ms", 100}})}));
  EXPECT_NE(text.find("three times; those that move records had a warm-up"), std::string::npos);
  EXPECT_NE(text.find("percentiles of latencies and of times to the reader are of the records"),
            std::string::npos);
}

TEST(TextChartTest, DrawsEachLineFromZeroToItsHighest) {
  EXPECT_EQ(text_chart({{"a", {0, 5, 10}}, {"long", {10, 10, 10}}}),
            "a     ▁▄█  0 to 10\n"
            "long  ███  10\n"
            "      a column is a second, 3 in all\n");
}

TEST(TextChartTest, SeveralSecondsAreTheirMeanOrTheirWorst) {
  std::vector<double> values(120, 1);
  values[1] = 9;
  const std::string chart = text_chart({{"mean", values}, {"worst", values, true}});
  EXPECT_NE(chart.find("1 to 5"), std::string::npos) << chart;
  EXPECT_NE(chart.find("1 to 9"), std::string::npos) << chart;
  EXPECT_NE(chart.find("a column is 2 seconds, 120 in all"), std::string::npos) << chart;
}

TEST(TextChartTest, WhatWasNotMeasuredIsAHoleAndNotZero) {
  EXPECT_NE(text_chart({{"a", {1, std::nan(""), 1}}}).find("█ █  1\n"), std::string::npos);
  EXPECT_EQ(text_chart({{"a", {1, 2}}}), "");  // too short to be drawn
  EXPECT_EQ(text_chart({}), "");
}

TEST(PerformanceWordsTest, FiguresHaveTheirUnits) {
  EXPECT_EQ(value_text("latency_ms_p95_median", 12.34), "12.3 ms");
  EXPECT_EQ(value_text("broker_memory_bytes_max_max", 2147483648), "2.15 GB");
  EXPECT_EQ(value_text("acked_per_s_median", 4997.4), "4,997/s");
  EXPECT_EQ(value_text("broker_cpu_cores_mean", 0.312), "0.312 cores");
  EXPECT_EQ(value_text("client_cpu_us_per_record", 30.3), "30.3 µs");
  EXPECT_EQ(value_text("errors", 0), "0");
  EXPECT_EQ(words_of("latency_ms_p95_median"), "latency p95, median of the runs");
  EXPECT_EQ(words_of("produce_users_latency_ms_p95_median"),
            "latency p95, median of the runs (users)");
  EXPECT_EQ(words_of("something_else"), "something_else");
}

// The whole page, as it stands in tests/fixtures/report. KS_WRITE_GOLDEN=1 writes it anew.
TEST(PerformanceTest, ThePageIsAsExpected) {
  Workload steady = workload("throughput", {{"acked_per_s", 999},
                                            {"acked_records", 60'000},
                                            {"kept_acked_records", 60'000},
                                            {"anomalies", 0},
                                            {"latency_ms_p50", 4},
                                            {"latency_ms_p95", 20},
                                            {"latency_ms_p99", 35},
                                            {"sent_bytes", 307e6},
                                            {"broker_cpu_cores_mean", 0.4},
                                            {"machine_cpus", 4},
                                            {"broker_memory_bytes_max", 520e6},
                                            {"broker_disk_write_bytes", 310e6},
                                            {"client_cpu_us_per_record", 31}});
  steady.thresholds = {{"broker_memory_bytes_max_max", "<", 2147483648, 525.2e6, true},
                       {"latency_ms_p95_median", "<", 100, 20, true}};
  steady.merged = {{"latency_ms_p99", 35.5}};
  WorkloadRun run{3, {}, {}, {}};
  for (int i = 0; i < 5; ++i) {
    const std::int64_t at_ns = std::int64_t{i} * 1'000'000'000;
    run.produced.push_back({at_ns, 1000.0 - i, 0, Latency{4, 20.0 + i * i, 30}});
    run.resources.push_back({at_ns, {{"broker_cpu_cores", 0.1 * i}, {"broker_memory_bytes", 5e8}}});
  }
  steady.runs.push_back(run);
  steady.findings.push_back(
      {"network-of-the-machine", "info", "the network is the machine's", "x"});
  Workload failed = workload("burst", {{"acked_per_s", 4000}, {"latency_ms_p95", 150}});
  failed.status = Status::kFail;
  failed.reason = "judged: latency_ms_p95_median < 100, observed 150";
  failed.run.full_time = false;
  failed.thresholds = {{"latency_ms_p95_median", "<", 100, 150, false},
                       {"broker_memory_bytes_max_max", "<", 2147483648, std::nullopt, false}};
  Performance page = performance_of({steady, failed});
  page.missing.push_back(check("snapshot", Stage::kPerformance));
  page.trials = {{{{"rate_per_s", 1000}, {"latency_ms_p95", 5}}},
                 {{{"rate_per_s", 2000}, {"latency_ms_p95", 130}}}};
  page.highest = {
      {"max_rate_per_s", 1000}, {"too_high_rate_per_s", 2000}, {"limited_by_client", 0}};

  const std::string path = KS_FIXTURES "/report/performance-baseline.md";
  const std::string text = to_markdown(page);
  if (!cli::environment("KS_WRITE_GOLDEN").empty()) {
    ASSERT_TRUE(cli::write_file(path, text));
  }
  const auto expected = cli::read_file(path);
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_EQ(text, *expected);
}

}  // namespace
}  // namespace ks::report
