#include "lib/report/by_profile.h"

#include <gtest/gtest.h>

#include "builders.h"
#include "lib/report/summary.h"

namespace ks::report {
namespace {

ScenarioRef scenario(const std::string& check, const std::string& profile,
                     const std::string& client = "librdkafka") {
  return {check,   check,   check + ".yaml", std::string(64, 'a'),
          profile, "kafka", client,          {profile + ":9092"}};
}

RunFolder folder(const std::string& run_id, std::vector<ScenarioRef> scenarios) {
  RunFolder out;
  out.run = run_of("kafka");
  out.run.run_id = run_id;
  out.run.profile = "here";
  for (const ScenarioRef& each : scenarios) {
    const bool is_here = each.profile == "here";
    out.steps.push_back(step(each.check, is_here ? Status::kPass : Status::kFail,
                             is_here ? "" : "wrong", each.client));
    out.steps.back().result.run_id = run_id;
    CheckEnd end;
    end.check = each.check;
    end.client = each.client;
    out.ends.push_back(end);
    out.logs.emplace_back(each.check + "." + each.client + ".produce.log");
  }
  out.logs.emplace_back("embedded.log");
  out.run.clients = clients_of(scenarios);
  out.run.scenarios = std::move(scenarios);
  return out;
}

TEST(ByProfile, AGatesRunStaysWhole) {
  RunFolder gate;
  gate.run = run_of("kafka");
  gate.steps = {step("offsets", Status::kPass), step("groups", Status::kPass)};
  const auto apart = by_profile({gate});
  ASSERT_EQ(apart.size(), 1U);
  EXPECT_EQ(apart[0][0].steps.size(), 2U);
}

TEST(ByProfile, ScenariosAreWithThoseOfTheirProfile) {
  const auto apart = by_profile(
      {folder("1", {scenario("a", "here"), scenario("b", "there", "wire"), scenario("c", "here")}),
       folder("2", {scenario("b", "there", "wire")})});
  ASSERT_EQ(apart.size(), 2U);
  ASSERT_EQ(apart[0].size(), 1U);
  const RunFolder& here = apart[0][0];
  EXPECT_EQ(here.run.scenarios.size(), 2U);
  EXPECT_EQ(here.run.brokers, std::vector<std::string>{"here:9092"});
  EXPECT_EQ(here.run.clients, std::vector<std::string>{"librdkafka"});
  EXPECT_EQ(here.steps.size(), 2U);
  EXPECT_EQ(here.ends.size(), 2U);
  EXPECT_EQ(here.logs,
            (std::vector<std::filesystem::path>{"a.librdkafka.produce.log",
                                                "c.librdkafka.produce.log", "embedded.log"}));
  ASSERT_EQ(apart[1].size(), 2U);
  const RunFolder& there = apart[1][0];
  EXPECT_EQ(there.run.profile, "there");
  EXPECT_EQ(there.run.brokers, std::vector<std::string>{"there:9092"});
  EXPECT_EQ(there.run.clients, std::vector<std::string>{"wire"});
  EXPECT_EQ(there.steps.front().result.check, "b");
  EXPECT_EQ(apart[1][1].run.run_id, "2");
}

TEST(ByProfile, WhatCannotBeUsedIsOfAll) {
  RunFolder run = folder("1", {scenario("a", "here"), scenario("b", "there")});
  run.problems.push_back({"results/x.json", "not JSON"});
  for (const Evidence& profile : by_profile({run})) EXPECT_EQ(profile[0].problems.size(), 1U);
}

TEST(ByProfile, ASummaryHasEachBesideTheWhole) {
  const Evidence both{folder("1", {scenario("a", "here"), scenario("b", "there")})};
  const Summary summary = summarize({}, both, "run", "run");
  EXPECT_EQ(summary.verdict.status, Status::kFail);
  ASSERT_EQ(summary.profiles.size(), 2U);
  EXPECT_EQ(summary.profiles[0].verdict.status, Status::kPass);
  EXPECT_EQ(summary.profiles[1].verdict.status, Status::kFail);
  const Evidence one{folder("1", {scenario("a", "here"), scenario("b", "here")})};
  EXPECT_TRUE(summarize({}, one, "run", "run").profiles.empty());
}

TEST(ByProfile, AScenarioOfBothClientsHasARowOfEach) {
  const Evidence both{folder("1", {scenario("a", "here")}),
                      folder("2", {scenario("a", "here", "wire")})};
  const Summary summary = summarize({}, both, "out", "both");
  ASSERT_EQ(summary.rows.size(), 2U);
  for (const Row& row : summary.rows) {
    EXPECT_TRUE(row.required());
    EXPECT_EQ(row.status, Status::kPass) << row.reason;
    EXPECT_EQ(row.steps.size(), 1U);
  }
}

}  // namespace
}  // namespace ks::report
