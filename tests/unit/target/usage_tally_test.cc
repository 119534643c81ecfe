#include "lib/target/usage_tally.h"

#include <gtest/gtest.h>

namespace ks::target {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

NodeUsage used(double cpu_s, double memory_bytes, std::string instance = "1") {
  NodeUsage out;
  out.instance = std::move(instance);
  out.usage.cpu_s = cpu_s;
  out.usage.memory_bytes = memory_bytes;
  return out;
}

UsageTally::Sample sample(std::int64_t at_ns, std::map<std::string, NodeUsage> nodes) {
  return {at_ns, std::move(nodes), {}};
}

TEST(UsageTallyTest, RatesAreOfTheTimeBetweenTwoSamples) {
  UsageTally tally;
  EXPECT_FALSE(tally.add(sample(0, {{"a", used(10, 100)}})).contains("broker_cpu_cores"));
  EXPECT_EQ(tally.add(sample(2 * kSecond, {{"a", used(11, 300)}})).at("broker_cpu_cores"), 0.5);
  EXPECT_EQ(tally.add(sample(3 * kSecond, {{"a", used(12.5, 200)}})).at("broker_cpu_cores"), 1.5);
  EXPECT_EQ(tally.totals().at("broker_cpu_cores_mean"), 1);
  EXPECT_EQ(tally.totals().at("broker_cpu_cores_max"), 1.5);
  EXPECT_EQ(tally.totals().at("broker_memory_bytes_max"), 300);
  EXPECT_EQ(tally.samples(), 3);
}

TEST(UsageTallyTest, BrokersAddUpAndMemoryIsThatOfTheLargest) {
  UsageTally tally;
  tally.add(sample(0, {{"a", used(0, 100)}, {"b", used(0, 500)}}));
  const auto figures = tally.add(sample(kSecond, {{"a", used(1, 100)}, {"b", used(0.5, 500)}}));
  EXPECT_EQ(figures.at("broker_cpu_cores"), 1.5);
  EXPECT_EQ(figures.at("broker_memory_bytes"), 600);
  EXPECT_EQ(tally.totals().at("broker_memory_bytes_max"), 500);
  EXPECT_EQ(tally.by_node().at("b").at("broker_cpu_cores_max"), 0.5);
}

// What is compared with them is what all brokers use together.
TEST(UsageTallyTest, LimitsOnProcessorsAddUpWhereEachBrokerHasOne) {
  const auto limited = [](std::optional<double> cores) {
    NodeUsage out = used(0, 1);
    out.usage.cpu_limit_cores = cores;
    return out;
  };
  UsageTally tally;
  tally.add(sample(0, {{"a", limited(1.5)}, {"b", limited(1.5)}, {"c", limited(1)}}));
  tally.add(sample(kSecond, {{"a", limited(1.5)}, {"b", limited(1.5)}, {"c", limited(1)}}));
  EXPECT_EQ(tally.totals().at("broker_cpu_limit_cores"), 4);
  tally.add(sample(2 * kSecond, {{"b", limited(std::nullopt)}}));
  EXPECT_FALSE(tally.totals().contains("broker_cpu_limit_cores"));
  EXPECT_FALSE(UsageTally().totals().contains("broker_cpu_limit_cores"));
}

TEST(UsageTallyTest, ARestartedBrokerCountsFromItsBegin) {
  UsageTally tally;
  tally.add(sample(0, {{"a", used(100, 100)}}));
  const auto figures = tally.add(sample(kSecond, {{"a", used(0.25, 50, "2")}}));
  EXPECT_EQ(figures.at("broker_cpu_cores"), 0.25);
  EXPECT_EQ(tally.restarts(), 1);
}

TEST(UsageTallyTest, ABrokerThatIsAwayHasAReasonAndNoFigures) {
  UsageTally tally;
  tally.add(sample(0, {{"a", used(1, 100)}}));
  EXPECT_TRUE(tally.add(sample(kSecond, {{"a", {{}, {}, "no process of it is seen"}}})).empty());
  EXPECT_EQ(tally.add(sample(2 * kSecond, {{"a", used(2, 100)}})).at("broker_cpu_cores"), 0.5);
  EXPECT_EQ(tally.problems().at("a"), "no process of it is seen");
  EXPECT_EQ(tally.restarts(), 0);
}

TEST(UsageTallyTest, ASumOfProcessesThatShrinksHasNotGrown) {
  UsageTally tally;
  tally.add(sample(0, {{"a", used(10, 100)}}));
  EXPECT_EQ(tally.add(sample(kSecond, {{"a", used(9, 100)}})).at("broker_cpu_cores"), 0);
}

TEST(UsageTallyTest, AMachinesNetworkIsToldOnceAndAsSuch) {
  const auto with_network = [](double received, bool is_own) {
    NodeUsage out = used(0, 1);
    out.usage.received_bytes = received;
    out.usage.is_network_own = is_own;
    return out;
  };
  UsageTally tally;
  tally.add(sample(0, {{"a", with_network(0, false)}, {"b", with_network(0, false)}}));
  tally.add(sample(kSecond, {{"a", with_network(70, false)}, {"b", with_network(70, false)}}));
  EXPECT_EQ(tally.totals().at("machine_network_received_bytes"), 70);
  EXPECT_FALSE(tally.totals().contains("broker_network_received_bytes"));
  EXPECT_TRUE(tally.is_network_shared());

  UsageTally own;
  own.add(sample(0, {{"a", with_network(0, true)}, {"b", with_network(0, true)}}));
  own.add(sample(kSecond, {{"a", with_network(70, true)}, {"b", with_network(30, true)}}));
  EXPECT_EQ(own.totals().at("broker_network_received_bytes"), 100);
  EXPECT_FALSE(own.is_network_shared());
}

TEST(UsageTallyTest, TheMachineIsThereWhereTheBrokersAreOnIt) {
  UsageTally tally;
  tally.add({0, {{"a", used(0, 1)}}, {10, 0}});
  EXPECT_EQ(tally.add({kSecond, {{"a", used(0, 1)}}, {11.5, 0}}).at("machine_cpu_cores"), 1.5);
}

}  // namespace
}  // namespace ks::target
