#include "lib/tool/own_usage.h"

#include <gtest/gtest.h>

#include "lib/cli/clock.h"

namespace ks::tool {
namespace {

TEST(OwnUsageTest, CountsWhatAProcessDid) {
  const OwnUsage before = own_usage();
  const std::int64_t end_ns = cli::monotonic_ns() + 5'000'000;
  while (cli::monotonic_ns() < end_ns) {
  }
  const OwnUsage used = usage_since(before);
  EXPECT_GT(used.cpu_s, 0);
  EXPECT_GT(used.memory_bytes_max, 1e6);
  report::Metrics metrics;
  put_own_usage(used, 1000, metrics);
  EXPECT_DOUBLE_EQ(metrics.at("client_cpu_us_per_record"), used.cpu_s * 1000);
}

TEST(OwnUsageTest, OfNoRecordNothingIsTold) {
  report::Metrics metrics;
  put_own_usage({}, 0, metrics);
  EXPECT_FALSE(metrics.contains("client_cpu_us_per_record"));
  EXPECT_FALSE(metrics.contains("client_cpu_wait_s"));
}

TEST(OwnUsageTest, TellsWhyAGeneratorWasLate) {
  const auto cause = [](double cpu_s, double main_cpu_s, double waiting_s) {
    return cause_of_lag({cpu_s, 1, main_cpu_s, waiting_s}, 10);
  };
  EXPECT_EQ(cause(9.9, 9.5, 0.2), "its own processor time was used up (9.5 s of 10.0 s)");
  EXPECT_EQ(cause(3, 2, 4), "it waited for a processor 4.0 s of 10.0 s: the machine was busy");
  EXPECT_EQ(cause(1, 0.5, 0.1), "not for want of a processor, of which it used 1.0 s of 10.0 s");
  EXPECT_EQ(cause_of_lag({1, 1, {}, {}}, 10),
            "not for want of a processor, of which it used 1.0 s of 10.0 s");
}

}  // namespace
}  // namespace ks::tool
