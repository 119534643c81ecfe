#include "lib/scenario/merged_step.h"

#include <gtest/gtest.h>

#include <random>

#include "lib/report/percentiles.h"

namespace ks::scenario {
namespace {

report::Result result_of(const stats::Histogram& latency, double seconds) {
  report::Result out;
  out.step = "p_1";
  out.tool = "ks-produce";
  const auto count = static_cast<double>(latency.count());
  out.metrics = {{"attempted_records", count + 1},
                 {"acked_records", count},
                 {"errors", 1},
                 {"error_rate", 1 / (count + 1)},
                 {"elapsed_s", seconds},
                 {"acked_per_s", count / seconds},
                 {"service_ms_p99", 3},
                 {"service_ms_max", seconds},
                 {"kafka_writer_write_seconds", seconds}};
  report::add_percentiles(out.metrics, "latency_ms", latency);
  out.data["histograms"]["latency_ns"] = latency.to_json();
  out.thresholds = {{"error_rate", "<=", 0.5, 0, true}};
  return out;
}

// What fifty workers tell of their records, and what one process would tell of all of them.
TEST(MergedStep, OfFiftyWorkersIsWhatOneProcessWouldHaveTold) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> latency(14, 1.5);
  stats::Histogram all;
  MergedStep merged;
  for (int worker = 0; worker < 50; ++worker) {
    stats::Histogram own;
    for (int i = 0; i < 100 + worker * 10; ++i) {
      const auto ns = static_cast<std::int64_t>(latency(random) * (worker == 13 ? 50 : 1));
      own.record(ns);
      all.record(ns);
    }
    merged.add(result_of(own, 10 + worker % 3), "", "worker " + std::to_string(worker), 0);
  }
  std::string lines;
  const report::Result out = merged.take("p", lines);
  EXPECT_EQ(out.step, "p");
  EXPECT_EQ(out.status, report::Status::kPass);
  auto histogram = stats::Histogram::from_json(out.data.at("histograms").at("latency_ns"));
  ASSERT_TRUE(histogram);
  EXPECT_EQ(histogram->to_json().at("buckets"), all.to_json().at("buckets"));
  report::Metrics expected;
  report::add_percentiles(expected, "latency_ms", all);
  for (const auto& [name, value] : expected) {
    EXPECT_NEAR(out.metrics.at(name), value, value * 1e-12) << name;
  }
  const auto count = static_cast<double>(all.count());
  EXPECT_EQ(out.metrics.at("acked_records"), count);
  EXPECT_EQ(out.metrics.at("attempted_records"), count + 50);
  EXPECT_EQ(out.metrics.at("elapsed_s"), 12);
  EXPECT_EQ(out.metrics.at("acked_per_s"), count / 12);
  EXPECT_EQ(out.metrics.at("error_rate"), 50 / (count + 50));
  EXPECT_EQ(out.metrics.at("service_ms_max"), 12);
  EXPECT_EQ(out.thresholds.at(0).observed, out.metrics.at("error_rate"));
}

TEST(MergedStep, APercentileWithoutItsHistogramIsLeftOut) {
  stats::Histogram one;
  one.record(5);
  MergedStep merged;
  merged.add(result_of(one, 1), "", "worker 0", 0);
  merged.add(result_of(one, 1), "", "worker 1", 0);
  std::string lines;
  const report::Result out = merged.take("p", lines);
  EXPECT_FALSE(out.metrics.contains("service_ms_p99"));
  EXPECT_TRUE(out.metrics.contains("latency_ms_p99"));
}

TEST(MergedStep, MeansAreWeighedByTheirRecords) {
  stats::Histogram few;
  few.record(5);
  stats::Histogram many;
  for (int i = 0; i < 3; ++i) many.record(5);
  MergedStep merged;
  merged.add(result_of(few, 8), "", "worker 0", 0);
  merged.add(result_of(many, 4), "", "worker 1", 0);
  std::string lines;
  EXPECT_EQ(merged.take("p", lines).metrics.at("kafka_writer_write_seconds"), 5);
}

TEST(MergedStep, TheWorstStatusStaysWithTheWorkerThatHadIt) {
  MergedStep merged;
  merged.add(result_of({}, 1), "", "worker 0", 0);
  report::Result late = result_of({}, 1);
  late.lower_to(report::Status::kInconclusive, "fell behind");
  merged.add(late, "", "worker 1 (b)", 0);
  report::Result wrong = result_of({}, 1);
  wrong.lower_to(report::Status::kFail, "5 records were not acknowledged");
  merged.add(wrong, "", "worker 2 (c)", 0);
  std::string lines;
  const report::Result out = merged.take("p", lines);
  EXPECT_EQ(out.status, report::Status::kFail);
  EXPECT_EQ(out.reason, "worker 2 (c): 5 records were not acknowledged");
}

TEST(MergedStep, OfOneWorkerIsItsOwnResult) {
  stats::Histogram one;
  one.record(5);
  MergedStep merged;
  merged.add(result_of(one, 1), "", "worker 0", 0);
  std::string lines;
  const report::Result out = merged.take("p", lines);
  EXPECT_EQ(out.metrics, result_of(one, 1).metrics);
}

}  // namespace
}  // namespace ks::scenario
