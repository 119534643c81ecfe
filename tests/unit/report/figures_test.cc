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
  EXPECT_EQ(direction_of("ready_ms")->least_change, 5);
  EXPECT_EQ(direction_of("elapsed_s")->least_change, 0.005);
}

TEST(Direction, OthersHaveNone) {
  for (const char* name : {"errors", "acked_records", "sent_bytes", "error_rate", "s", "ms",
                           "errors_TOPIC_AUTHORIZATION_FAILED", "latest_max", "records", ""}) {
    EXPECT_FALSE(direction_of(name)) << name;
  }
}

TEST(Figures, AreThoseWithADirectionThatAreNumbers) {
  Step one = step("offsets", Status::kPass, "", "wire", "read");
  one.result.metrics = {{"latency_ms_p50", 1.5},
                        {"latency_ms_p99", 9},
                        {"latency_ms_max", 900},
                        {"latency_ms_p999", 100},
                        {"produce_recovery_ms_max", 1200},
                        {"errors", 0},
                        {"ready_ms", std::numeric_limits<double>::quiet_NaN()}};
  const Figures figures = figures_of(evidence_of(run_of("kafka"), {one}).front());
  ASSERT_EQ(figures.size(), 3U);
  EXPECT_EQ(figures.at({"offsets", "wire", "read", "latency_ms_p99"}), 9);
  EXPECT_EQ(figures.at({"offsets", "wire", "read", "produce_recovery_ms_max"}), 1200);
}

TEST(Figures, HaveNames) {
  EXPECT_EQ(to_string(FigureKey{"offsets", "wire", "read", "ready_ms"}),
            "offsets (wire) read ready_ms");
  EXPECT_EQ(to_string(FigureKey{"offsets", "none", "read", "ready_ms"}), "offsets read ready_ms");
}

}  // namespace
}  // namespace ks::report
