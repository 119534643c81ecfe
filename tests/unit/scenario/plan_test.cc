#include "lib/scenario/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenario_builders.h"

namespace ks::scenario {
namespace {

std::string line(const StepPlan& plan) {
  std::string out;
  for (const std::string& word : plan.argv) out += (out.empty() ? "" : " ") + word;
  return out;
}

bool says(const StepPlan& plan, const std::string& words) {
  return (" " + line(plan) + " ").find(" " + words + " ") != std::string::npos;
}

TEST(Shares, SumUpToTheTotalAndDifferByOneAtMost) {
  EXPECT_EQ(share_of(1000, 0, 3), 334u);
  EXPECT_EQ(share_of(1000, 1, 3), 333u);
  EXPECT_EQ(share_of(1000, 2, 3), 333u);
  for (const std::uint64_t count : {1u, 2u, 7u, 100u}) {
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) sum += share_of(1234, i, count);
    EXPECT_EQ(sum, 1234u);
  }
}

TEST(Plan, EachClientOfAProducerIsAProcessWithItsPartAndNumber) {
  const Scenario scenario = scenario_of(
      "topics: [{name: 't-{{run_id}}'}]\nscenarios:\n"
      "  p: {type: produce, clients: 3, messages: 1000, rate: 60/s, value: {text: x}}\n");
  const auto plans = plan_traffic(scenario.traffic[0], scenario, context(), 10);
  ASSERT_EQ(plans.size(), 3u);
  EXPECT_EQ(plans[1].name, "p_2");
  EXPECT_TRUE(says(plans[1], "-t t-R"));
  EXPECT_TRUE(says(plans[1], "--client wire"));
  EXPECT_TRUE(says(plans[1], "--count 1000"));
  EXPECT_TRUE(says(plans[1], "--shard 1/3"));
  EXPECT_TRUE(says(plans[1], "--rate 60.000000/s"));
  EXPECT_TRUE(says(plans[1], "--producer-id 11"));
  EXPECT_TRUE(says(plans[1], "--value-file /w/p.value"));
  EXPECT_EQ(plans[0].tally, plans[2].tally);
  EXPECT_EQ(plans[0].argv.front(), "ks-produce");
}

TEST(Plan, MembersShareOneLimitAndReadersOfAPartitionHavePartsOfIt) {
  const Scenario scenario = scenario_of(
      "topics: [{name: t, partitions: 4}]\nscenarios:\n"
      "  g: {type: consume, clients: 2, limit: 9, group: 'g-{{run_id}}'}\n"
      "  s: {type: consume, clients: 2, limit: 9}\n"
      "  p: {type: consume, clients: 2, limit: 9, partition: 1}\n");
  const auto plans = [&](const char* name) {
    return plan_traffic(*scenario.find(name), scenario, context(), 0);
  };
  EXPECT_TRUE(says(plans("g")[1], "--group g-R"));
  EXPECT_TRUE(says(plans("g")[1], "--count 9"));
  EXPECT_EQ(plans("g")[0].tally, plans("g")[1].tally);
  EXPECT_TRUE(says(plans("s")[1], "--shard 1/2"));
  EXPECT_TRUE(says(plans("s")[1], "--count 9"));
  EXPECT_EQ(plans("s")[0].tally, plans("s")[1].tally);
  EXPECT_TRUE(says(plans("p")[0], "--count 5"));
  EXPECT_TRUE(says(plans("p")[1], "--count 4"));
  EXPECT_NE(plans("p")[0].tally, plans("p")[1].tally);
}

TEST(Plan, WhoSaysHowManyErrorsThereMayBeJudgesThem) {
  const Scenario scenario = scenario_of(
      "topics: [{name: t}]\nscenarios:\n  p: {type: produce, messages: 1}\n  q: {type: produce, "
      "messages: 1}\nchecks:\n  - {type: error_rate, max: 0.1, scenario: p}\n");
  EXPECT_TRUE(says(plan_traffic(scenario.traffic[0], scenario, context(), 0)[0],
                   "--expect error_rate >= 0"));
  EXPECT_FALSE(says(plan_traffic(scenario.traffic[1], scenario, context(), 0)[0], "--expect"));
}

TEST(Plan, HistoryIsKeptAndReadBackOnlyWhereSomethingIsJudgedByIt) {
  const Scenario scenario = scenario_of(
      "topics: [{name: a}, {name: b}]\nscenarios:\n  p: {type: produce, messages: 1, topic: a}\n"
      "  q: {type: produce, messages: 1, topic: b}\nchecks:\n"
      "  - {type: anomalies, allow: ['poll-skip<=3']}\n");
  EXPECT_TRUE(scenario.needs_history());
  EXPECT_TRUE(plan_verification(scenario, context()).empty());
  PlanContext recorded = context();
  recorded.history = "/h";
  recorded.ends_before["b"] = "/r/ends_before_2.json";
  EXPECT_TRUE(says(plan_traffic(scenario.traffic[0], scenario, recorded, 0)[0], "--history /h"));
  const auto plans = plan_verification(scenario, recorded);
  ASSERT_EQ(plans.size(), 5u);
  EXPECT_EQ(plans[0].name, "read_back_1");
  EXPECT_TRUE(says(plans[0], "-t a -e"));
  EXPECT_FALSE(says(plans[0], "--from-ends"));
  EXPECT_TRUE(says(plans[2], "-t b -e"));
  EXPECT_TRUE(says(plans[2], "--from-ends /r/ends_before_2.json"));  // it was there before
  EXPECT_EQ(line(plans[4]),
            "ks-verify /h --allow duplicate=explained --allow producer-order=explained "
            "--allow poll-skip<=3");
}

TEST(Plan, TopicsThatAreProducedToAreNamedOnceAndAsTheyAreCalledInTheRun) {
  const Scenario scenario = scenario_of(
      "scenarios:\n  p: {type: produce, messages: 1, topic: 'auto-{{run_id}}'}\n"
      "  q: {type: produce, messages: 1, topic: 'auto-{{run_id}}'}\n"
      "  r: {type: produce, messages: 1, topic: a}\n"
      "  c: {type: consume, limit: 1, topic: b}\n");
  EXPECT_EQ(produced_topics(scenario, "R"), (std::vector<std::string>{"a", "auto-R"}));
}

TEST(Plan, WhoConnectsIsTheFilesPrincipalOrTheScenarios) {
  const Scenario scenario = scenario_of(
      "principal: allowed\ntopics: [{name: t}]\nscenarios:\n  p: {type: produce, messages: 1}\n"
      "  d: {type: consume, limit: 1, principal: denied}\nchecks:\n  - {type: no_loss}\n"
      "  - {type: authorization, scenario: d, expected: refused}\n");
  EXPECT_TRUE(scenario.needs_principals());
  PlanContext recorded = context();
  recorded.history = "/h";
  recorded.principal = scenario.principal;
  const StepPlan granted = plan_traffic(scenario.traffic[0], scenario, recorded, 0)[0];
  EXPECT_TRUE(says(granted, "--principal allowed"));
  EXPECT_FALSE(says(granted, "--expect"));
  const StepPlan refused = plan_traffic(scenario.traffic[1], scenario, recorded, 0)[0];
  EXPECT_TRUE(says(refused, "--principal denied"));
  EXPECT_TRUE(says(refused, "--expect authorization_errors >= 1 --expect read_records == 0"));
  EXPECT_TRUE(says(plan_create(scenario.topics[0], 1, recorded), "--principal allowed"));
  for (const StepPlan& plan : plan_verification(scenario, recorded)) {
    EXPECT_EQ(says(plan, "--principal allowed"), plan.name != "verify") << plan.name;
  }
}

TEST(Plan, ThePageBeforeIsTakenOnlyWhereSomethingHasToMove) {
  const Scenario scenario = scenario_of(
      "scenarios:\n  m: {type: metrics, url: 'http://a'}\n  n: {type: metrics, url: 'http://b'}\n"
      "checks:\n  - {name: x, type: metric, metric: a, moves: true, scenario: m}\n"
      "  - {name: y, type: metric, metric: b}\n");
  const auto before = plan_page_before(scenario.traffic[0], scenario, context());
  ASSERT_TRUE(before);
  EXPECT_EQ(before->name, "m_before");
  EXPECT_TRUE(says(*before, "--url http://a"));
  EXPECT_TRUE(says(*before, "--save /w/m.page"));
  const StepPlan after = plan_traffic(scenario.traffic[0], scenario, context(), 0)[0];
  EXPECT_TRUE(says(after, "--since /w/m.page --expect-increase a --require b"));
  EXPECT_FALSE(plan_page_before(scenario.traffic[1], scenario, context()));
  EXPECT_FALSE(says(plan_traffic(scenario.traffic[1], scenario, context(), 0)[0], "--since"));
}

TEST(Plan, FaultsGoToTheirToolWithASeedForChance) {
  const Scenario scenario = scenario_of(
      "topics: [{name: t}]\nscenarios:\n  p: {type: produce, duration: 20s, rate: 5/s}\nfaults:\n"
      "  - {at: 1s, verb: kill, random: 1}\n  - {at: 2s, verb: restart, nodes: [b], hard: true}\n"
      "  - {at: 3s, verb: latency, path: object-store, latency: 200ms, direction: both, for: 5s}\n"
      "  - {at: 4s, verb: scale, count: 3}\n");
  const auto plan = [&](std::size_t i) { return plan_fault(scenario.faults[i], i + 1, context()); };
  EXPECT_EQ(line(plan(0)), "ks-restart kill --random 1 --seed 71 --timeout 30000000000ns");
  EXPECT_EQ(line(plan(1)), "ks-restart restart b --hard --timeout 30000000000ns");
  EXPECT_EQ(line(plan(2)),
            "ks-fault latency object-store --latency 200ms --direction both --for 5s --timeout "
            "10000000000ns");
  EXPECT_EQ(line(plan(3)), "ks-restart scale 3 --timeout 30000000000ns");
  EXPECT_EQ(plan(2).name, "fault_3");
}

TEST(Plan, TopicsAreMadeAsTheyAreDescribed) {
  const Scenario scenario = scenario_of(
      "topics: [{name: a, partitions: 3, configs: {retention.ms: 5}}, {name: b, replication: -1}]\n"
      "scenarios:\n  p: {type: produce, messages: 1, topic: a}\n");
  EXPECT_EQ(line(plan_create(scenario.topics[0], 1, context())),
            "ks-admin topics create a --client wire --partitions 3 --replication-factor 1 --config "
            "retention.ms=5");
  EXPECT_TRUE(says(plan_create(scenario.topics[1], 2, context()), "--replication-factor -1"));
}

TEST(Plan, TheBoundOfAStepIsLaterThanThatOfItsTool) {
  const Scenario scenario =
      scenario_of("topics: [{name: t}]\nscenarios:\n  c: {type: consume, limit: 1, timeout: 5s}\n");
  const auto plan = plan_traffic(scenario.traffic[0], scenario, context(), 0)[0];
  EXPECT_TRUE(says(plan, "--timeout 5000000000ns"));
  EXPECT_GT(plan.bound, std::chrono::seconds(5));
}

}  // namespace
}  // namespace ks::scenario
