#include "lib/report/figures.h"

#include <gtest/gtest.h>

#include <limits>

#include "builders.h"

namespace ks::report {
namespace {

TEST(Direction, FollowsFromTheUnit) {
  for (const char* name : {"latency_ms_p99", "latency_ms_mean", "ready_ms", "elapsed_s",
                           "kafka_writer_write_seconds", "produce_recovery_ms_max"}) {
    ASSERT_TRUE(direction_of(name)) << name;
    EXPECT_FALSE(direction_of(name)->is_higher_better) << name;
  }
  ASSERT_TRUE(direction_of("acked_per_s"));
  EXPECT_TRUE(direction_of("acked_per_s")->is_higher_better);
  EXPECT_TRUE(direction_of("read_per_s_mean")->is_higher_better);
  EXPECT_EQ(direction_of("ready_ms")->least_change, 50);
  EXPECT_EQ(direction_of("elapsed_s")->least_change, 0.05);
  EXPECT_EQ(direction_of("request_ms_max")->least_change, 250);
  EXPECT_EQ(direction_of("latency_ms_p99")->least_change, 10);
}

TEST(Direction, OthersHaveNone) {
  for (const char* name : {"errors", "acked_records", "sent_bytes", "error_rate", "s", "ms",
                           "errors_TOPIC_AUTHORIZATION_FAILED", "latest_max", "records", ""}) {
    EXPECT_FALSE(direction_of(name)) << name;
  }
}

std::vector<std::string> compared_metrics(const Metrics& metrics) {
  Step one = step("offsets", Status::kPass, "", "wire", "read");
  one.result.metrics = metrics;
  std::vector<std::string> out;
  for (const auto& [key, value] : figures_of(evidence_of(run_of("kafka"), {one}).front())) {
    EXPECT_EQ(value, metrics.at(key.metric));
    out.push_back(key.metric);
  }
  return out;
}

using Names = std::vector<std::string>;

TEST(Figures, AreThoseWithADirectionThatAreNumbers) {
  EXPECT_EQ(compared_metrics({{"produce_recovery_ms_max", 1200},
                              {"errors", 0},
                              {"elapsed_s", 3},
                              {"ready_ms", std::numeric_limits<double>::quiet_NaN()}}),
            (Names{"elapsed_s", "produce_recovery_ms_max"}));
}

const Metrics kTraffic{
    {"latency_ms_p50", 1.5},  {"latency_ms_p95", 5},   {"latency_ms_p99", 9},
    {"latency_ms_p999", 99},  {"latency_ms_max", 900}, {"latency_ms_mean", 2},
    {"service_ms_p50", 1},    {"service_ms_p99", 8},   {"acked_per_s", 50},
    {"acked_records", 100},   {"elapsed_s", 2},        {"kafka_writer_write_s", 1},
    {"produce_gap_ms_max", 7}};

TEST(Figures, OfADistributionTheMiddleAndTheTailAreCompared) {
  EXPECT_EQ(compared_metrics(kTraffic),
            (Names{"acked_per_s", "latency_ms_p50", "latency_ms_p99", "produce_gap_ms_max"}));
}

TEST(Figures, WhatAFewRecordsOrAMomentTookIsNotCompared) {
  for (const auto& [name, value] : {std::pair{"elapsed_s", 0.9}, {"acked_records", 99.0}}) {
    Metrics metrics = kTraffic;
    metrics[name] = value;
    EXPECT_EQ(compared_metrics(metrics), (Names{"produce_gap_ms_max"})) << name;
  }
}

TEST(Figures, HaveNames) {
  EXPECT_EQ(to_string(FigureKey{"offsets", "wire", "read", "ready_ms"}),
            "offsets (wire) read ready_ms");
  EXPECT_EQ(to_string(FigureKey{"offsets", "none", "read", "ready_ms"}), "offsets read ready_ms");
}

}  // namespace
}  // namespace ks::report
