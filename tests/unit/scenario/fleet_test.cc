#include "lib/scenario/fleet.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "scenario_builders.h"

namespace ks::scenario {
namespace {

Scenario with_topic(const std::string& scenarios) {
  return scenario_of("topics: [{name: t, partitions: 8}]\nscenarios:\n" + scenarios);
}

std::string option(const StepPlan& plan, const std::string& name) {
  const auto found = std::ranges::find(plan.argv, name);
  return found == plan.argv.end() ? "" : *(found + 1);
}

// The steps of each worker, of all that the scenario has.
std::vector<std::vector<StepPlan>> parts(const Scenario& original, std::uint32_t workers) {
  const Scenario scenario = in_fleet(original, workers);
  std::vector<std::vector<StepPlan>> out(workers);
  std::uint64_t producer = 0;
  for (std::size_t i = 0; i < scenario.traffic.size(); ++i) {
    const Traffic& traffic = scenario.traffic[i];
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      auto part = part_of(plan_traffic(traffic, scenario, context(), producer), traffic, i,
                          {worker, workers});
      EXPECT_EQ(part.size(), step_names_of(traffic, i, {worker, workers}).size());
      std::ranges::move(part, std::back_inserter(out[worker]));
    }
    producer += producers_of(traffic);
  }
  return out;
}

TEST(Fleet, EachWorkerHasAClientOfWhatProducesAndAllAreOneWorkload) {
  const Scenario scenario = with_topic("  p: {type: produce, messages: 1001, rate: 100/s}\n");
  std::set<std::string> shards;
  std::set<std::string> producers;
  for (const auto& part : parts(scenario, 4)) {
    ASSERT_EQ(part.size(), 1u);
    EXPECT_EQ(option(part[0], "--count"), "1001");  // of which --shard takes its part
    shards.insert(option(part[0], "--shard"));
    producers.insert(option(part[0], "--producer-id"));
  }
  EXPECT_EQ(shards, (std::set<std::string>{"0/4", "1/4", "2/4", "3/4"}));
  EXPECT_EQ(producers, (std::set<std::string>{"0", "1", "2", "3"}));
}

TEST(Fleet, NoTwoStepsOfAnyWorkerHaveANameOrAProducerNumberInCommon) {
  const Scenario scenario = with_topic(
      "  a: {type: produce, clients: 7, duration: 1s}\n"
      "  b: {type: produce, messages: 3}\n"
      "  c: {type: consume, clients: 5, duration: 1s}\n"
      "  d: {type: produce, clients: 2, duration: 1s}\n");
  for (const std::uint32_t workers : {1u, 2u, 5u, 16u}) {
    std::map<std::string, int> names;
    std::map<std::string, int> producers;
    std::size_t steps = 0;
    for (const auto& part : parts(scenario, workers)) {
      for (const StepPlan& plan : part) {
        ++steps;
        ++names[plan.name];
        if (plan.argv[0] == "ks-produce") ++producers[option(plan, "--producer-id")];
      }
    }
    EXPECT_EQ(names.size(), steps);
    // Who has no message to send is not started.
    EXPECT_EQ(producers.size(),
              std::max(7u, workers) + std::min(3u, workers) + std::max(2u, workers));
  }
}

TEST(Fleet, WhoCountsTogetherIsTogether) {
  const Scenario scenario = with_topic(
      "  p: {type: produce, messages: 100}\n"
      "  shared: {type: consume, clients: 3, limit: 100}\n"
      "  parts: {type: consume, clients: 4, partition: 0, limit: 100}\n"
      "  timed: {type: consume, clients: 3, group: g, duration: 1s}\n");
  std::map<std::string, std::vector<std::size_t>> where;
  const auto all = parts(scenario, 4);
  for (std::size_t worker = 0; worker < all.size(); ++worker) {
    for (const StepPlan& plan : all[worker]) {
      where[plan.name.substr(0, plan.name.find('_'))].push_back(worker);
    }
  }
  EXPECT_EQ(where["shared"], (std::vector<std::size_t>{1, 1, 1}));
  EXPECT_EQ(where["parts"], (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(where["timed"], (std::vector<std::size_t>{0, 1, 3}));
}

}  // namespace
}  // namespace ks::scenario
