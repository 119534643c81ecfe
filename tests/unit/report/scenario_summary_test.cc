#include "lib/report/scenario_summary.h"

#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "builders.h"
#include "lib/report/checklist.h"
#include "lib/report/junit.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

ScenarioRef scenario(const std::string& check, const std::string& profile) {
  return {check,   "Title of " + check, check + ".yaml", std::string(64, 'a'),
          profile, "kafscale",          "librdkafka",    {profile + ":9092"}};
}

// A run of scenarios on brokers that nobody identified.
Run scenarios(std::vector<ScenarioRef> list) {
  Run run = run_of("kafscale");
  run.kafscale_gate = false;
  run.broker = {};
  run.scenarios = std::move(list);
  return run;
}

// The step in which ks-run judges a scenario.
Step judged(const std::string& check, Status status) {
  Step out = step(check, status, status == Status::kPass ? "" : "wrong", "librdkafka", "checks");
  out.result.tool = "ks-run";
  out.result.data = {
      {"scenarios", {{"p", {{"sent", 5}, {"errors", 0}, {"p95_ms", 1.5}, {"per_s", 9.5}}}}},
      {"checks",
       {{{"name", "all"},
         {"type", "count_equals"},
         {"status", to_string(status)},
         {"expected", "== 5"},
         {"actual", "5"},
         {"reason", out.result.reason}}}}};
  out.scenario = parse_scenario(out.result);
  return out;
}

Json summary_of(const Run& run, std::vector<Step> steps) {
  return to_json(summarize({check("offsets")}, evidence_of(run, std::move(steps)), "run", "run-1"));
}

TEST(ScenarioSummary, BeginsAsTheKaf6RunnersDoes) {
  const Json json =
      summary_of(scenarios({scenario("smoke", "here")}), {judged("smoke", Status::kPass)});
  std::vector<std::string> first;
  for (const auto& [name, value] : json.items()) first.push_back(name);
  first.resize(7);
  EXPECT_EQ(first, (std::vector<std::string>{"run_id", "profile", "brokers", "scenarios", "checks",
                                             "status", "duration_ms"}));
  EXPECT_EQ(json["scenarios"], Json::parse(R"({"p": {"sent": 5, "errors": 0, "p95_ms": 1.5}})"));
  EXPECT_EQ(json["checks"], Json::parse(R"({"all": "pass"})"));
  EXPECT_EQ(json["status"], "pass");
  EXPECT_EQ(json["brokers"], Json::parse(R"(["here:9092"])"));
}

// Neither the gates' checks nor who answers is asked for: it is no gate.
TEST(ScenarioSummary, IsJudgedByItsScenariosAlone) {
  const auto run = scenarios({scenario("a", "here"), scenario("b", "there")});
  const Json passed = summary_of(run, {judged("a", Status::kPass), judged("b", Status::kPass)});
  EXPECT_EQ(passed["verdict"], "pass");
  EXPECT_EQ(passed["required"], 2);
  EXPECT_EQ(passed["profile"], "here, there");
  EXPECT_EQ(passed["checks"], Json::parse(R"({"a.all": "pass", "b.all": "pass"})"));
  const Json failed =
      summary_of(run, {judged("a", Status::kPass), judged("b", Status::kInconclusive)});
  EXPECT_EQ(failed["verdict"], "inconclusive");
  EXPECT_EQ(failed["checks"]["b.all"], "fail");
  EXPECT_EQ(failed["check_results"][1]["profile"], "there");
  EXPECT_EQ(failed["check_results"][1]["checks"][0]["status"], "inconclusive");
  // One that did not run is no pass.
  EXPECT_EQ(summary_of(run, {judged("a", Status::kPass)})["verdict"], "inconclusive");
}

// One file on two clients: librdkafka's step, and the wire client's.
Run on_two_clients() {
  ScenarioRef on_wire = scenario("a", "here");
  on_wire.client = "wire";
  Run run = scenarios({scenario("a", "here"), on_wire});
  run.clients = {"librdkafka", "wire"};
  return run;
}

Step on_wire(Step step) {
  step.client = step.result.client = "wire";
  return step;
}

TEST(ScenarioSummary, OfSeveralClientsTheWorstOfACheckStands) {
  for (const bool first_fails : {true, false}) {
    const Step one = judged("a", first_fails ? Status::kFail : Status::kPass);
    const Step other = on_wire(judged("a", first_fails ? Status::kPass : Status::kFail));
    EXPECT_EQ(summary_of(on_two_clients(), {one, other})["checks"], Json({{"all", "fail"}}));
  }
  const Json passed = summary_of(on_two_clients(),
                                 {judged("a", Status::kPass), on_wire(judged("a", Status::kPass))});
  EXPECT_EQ(passed["checks"], Json({{"all", "pass"}}));
}

TEST(ScenarioSummary, ACheckThatAClientDidNotComeToIsNoPass) {
  const Step died = on_wire(step("a", Status::kError, "killed", "wire", "produce"));
  for (const auto& steps :
       {std::vector{judged("a", Status::kPass), died}, std::vector{judged("a", Status::kPass)}}) {
    EXPECT_EQ(summary_of(on_two_clients(), steps)["checks"], Json({{"all", "fail"}}));
  }
}

TEST(ScenarioSummary, OfSeveralClientsCountsAddUpAndTheWorstTimeStays) {
  Step other = on_wire(judged("a", Status::kPass));
  other.scenario->scenarios["p"] = {{"sent", 7}, {"errors", 1}, {"p95_ms", 0.5}};
  const Json json = summary_of(on_two_clients(), {judged("a", Status::kPass), other});
  EXPECT_EQ(json["scenarios"], Json::parse(R"({"p": {"sent": 12, "errors": 1, "p95_ms": 1.5}})"));
  EXPECT_EQ(json["check_results"][1]["scenarios"]["p"]["sent"], 7);
}

TEST(ScenarioSummary, OfSeveralRunsOfOneClientNoneHidesAnother) {
  const Json json = summary_of(scenarios({scenario("a", "here")}),
                               {judged("a", Status::kPass), judged("a", Status::kFail)});
  EXPECT_EQ(json["checks"], Json({{"all", "fail"}}));
  EXPECT_EQ(json["scenarios"]["p"]["sent"], 10);
  EXPECT_EQ(json["check_results"][0]["checks"].size(), 2U);
  EXPECT_EQ(json["check_results"][0]["scenarios"]["p"]["per_s"], 9.5);
}

TEST(ScenarioSummary, SaysThatItIsNoGate) {
  const auto run = scenarios({scenario("a", "here")});
  EXPECT_EQ(decision(run, Status::kPass), "the scenario passed");
  EXPECT_EQ(decision(run, Status::kFail), "the scenario failed");
  EXPECT_NE(notice(run).find("not a KafScale release gate"), std::string::npos);
}

TEST(ScenarioSummary, TheChecklistAndJUnitHaveScenariosAndNoStage) {
  const auto run = scenarios({scenario("a", "here")});
  const auto summary =
      summarize({check("offsets")}, evidence_of(run, {judged("a", Status::kFail)}), "run", "run-1");
  const std::string list = to_checklist(summary);
  EXPECT_NE(list.find("## Scenarios\n"), std::string::npos);
  for (const char* of_gates : {"PR stage", "questions", "offsets"}) {
    EXPECT_EQ(list.find(of_gates), std::string::npos) << of_gates;
  }
  EXPECT_NE(to_junit(summary).find("<testsuite name=\"scenarios\" tests=\"1\" failures=\"1\""),
            std::string::npos);
}

TEST(ScenarioSummary, FiguresThatAreNoneAreLeftOut) {
  Result other = judged("a", Status::kPass).result;
  other.tool = "ks-produce";
  EXPECT_FALSE(parse_scenario(other));
  Result broken = judged("a", Status::kPass).result;
  broken.data["checks"][0]["status"] = "well";
  EXPECT_FALSE(parse_scenario(broken));
  broken.data = nullptr;
  EXPECT_FALSE(parse_scenario(broken));
}

using ScenarioFolders = test::ScratchFolder;

TEST_F(ScenarioFolders, AResultMayBeOfItsOwnScenariosProfileOnly) {
  const auto run = scenarios({scenario("a", "here"), scenario("b", "there")});
  ASSERT_TRUE(begin_run(dir_ / "run-1", run));
  const auto again = read_run(dir_ / "run-1");
  ASSERT_TRUE(again);
  ASSERT_NE(again->scenario("b"), nullptr);
  EXPECT_EQ(again->scenario("b")->brokers, std::vector<std::string>{"there:9092"});
  EXPECT_EQ(again->scenario("c"), nullptr);
  Result result = step("b", Status::kPass).result;
  result.profile = "there";
  ASSERT_TRUE(write_result(dir_ / "run-1/results/b.json", result));
  EXPECT_TRUE(read_run_folder(dir_ / "run-1"));
  result.profile = "here";
  ASSERT_TRUE(write_result(dir_ / "run-1/results/b.json", result));
  const auto refused = read_run_folder(dir_ / "run-1");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("result of another profile"), std::string::npos);
}

}  // namespace
}  // namespace ks::report
