#include "lib/ops/fault_name.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace ks::ops {
namespace {

const target::ProcessId kGone{1'999'999'999, 7};

TEST(FaultNameTest, SaysRunHolderVerbAndStream) {
  const FaultName kept{"20260131-120000-1a2b3c4d", std::nullopt, "latency", "upstream"};
  EXPECT_EQ(kept.text(), "ks-fault-20260131-120000-1a2b3c4d-kept-latency-upstream");
  EXPECT_EQ(parse_fault_name(kept.text()), kept);
  const FaultName held{"run", target::ProcessId{42, 77}, "down", "downstream"};
  EXPECT_EQ(held.text(), "ks-fault-run-p42.77-down-downstream");
  EXPECT_EQ(parse_fault_name(held.text()), held);
}

TEST(FaultNameTest, ARunWithoutAnIdentityHasNamesAllTheSame) {
  const FaultName name{"", std::nullopt, "reset", "upstream"};
  EXPECT_EQ(parse_fault_name(name.text()), name);
}

class NamesOfOthersTest : public testing::TestWithParam<const char*> {};

TEST_P(NamesOfOthersTest, AreNotOurs) { EXPECT_FALSE(parse_fault_name(GetParam()).has_value()); }

INSTANTIATE_TEST_SUITE_P(
    FaultNameTest, NamesOfOthersTest,
    testing::Values("", "latency_downstream", "ks-fault-", "ks-fault-latency-upstream",
                    "ks-fault-run-kept-latency-", "ks-fault-run-kept-latency-sideways",
                    "ks-fault-run-kept-thunder-upstream", "ks-fault-run-k-latency-upstream",
                    "ks-fault-run-p-latency-upstream", "ks-fault-run-p1-latency-upstream",
                    "ks-fault-run-p1.x-latency-upstream", "ks-fault-run-42.77-latency-upstream",
                    "my-ks-fault-run-kept-latency-upstream"));

TEST(FaultNameTest, ARunInANameCanBeAddressed) {
  EXPECT_EQ(run_in_names("a/b?c d\n-1.2_Z"), "a_b_c_d_-1.2_Z");
}

TEST(FaultNameTest, OwnToxicsAreFoundAmongThoseOfOthers) {
  const std::string ours = FaultName{"run", std::nullopt, "latency", "upstream"}.text();
  target::Proxy proxy;
  proxy.name = "broker";
  proxy.toxics = {{"theirs", "latency", "upstream"}, {ours, "latency", "upstream"}};
  const auto found = own_toxics({proxy, target::Proxy{}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].proxy, "broker");
  EXPECT_EQ(found[0].toxic, ours);
  EXPECT_EQ(found[0].name.verb, "latency");
}

TEST(FaultNameTest, LeftOverIsWhatNobodyHolds) {
  const auto self = target::find_process(::getpid());
  ASSERT_TRUE(self.has_value());
  EXPECT_FALSE(is_left_over({"run", self, "latency", "upstream"}, "run"));
  EXPECT_FALSE(is_left_over({"other", self, "latency", "upstream"}, "run"));
  EXPECT_TRUE(is_left_over({"run", kGone, "latency", "upstream"}, "run"));
  // One that is to stay belongs to its run.
  EXPECT_FALSE(is_left_over({"run_1", std::nullopt, "latency", "upstream"}, "run/1"));
  EXPECT_TRUE(is_left_over({"other", std::nullopt, "latency", "upstream"}, "run"));
}

}  // namespace
}  // namespace ks::ops
