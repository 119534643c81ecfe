// The views of one summary: what they show, and that hostile text stays text.
#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "builders.h"
#include "lib/report/checklist.h"
#include "lib/report/github.h"
#include "lib/report/html.h"
#include "lib/report/json_text.h"
#include "lib/report/junit.h"
#include "lib/report/markdown.h"
#include "lib/report/outputs.h"
#include "lib/report/summary.h"
#include "lib/report/tap.h"
#include "mixed_summary.h"

namespace ks::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

TEST(SummaryJson, TellsTheVerdictAndWhatItRestsOn) {
  const Json json = to_json(mixed_summary());
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["decision"], "not compatible");
  EXPECT_EQ(json["run_id"], "run-1");
  EXPECT_EQ(json["kafscale_gate"], false);
  EXPECT_EQ(json["required"], 3);
  EXPECT_EQ(json["counts"],
            Json::parse(R"({"pass":1,"fail":1,"inconclusive":1,"error":0,"skip":2})"));
  EXPECT_EQ(json["reasons"][0], "groups (librdkafka) failed: 3 lost");
  EXPECT_EQ(json["started_at"], "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(json["finished_at"], "2026-01-31T12:00:01.100Z");
  EXPECT_EQ(json["duration_ms"], 1100.0);
}

TEST(SummaryJson, ListsTheChecksOfTheRun) {
  const Json checks = to_json(mixed_summary())["checks"];
  ASSERT_EQ(checks.size(), 5u);  // neither the plan nor the later stage
  EXPECT_EQ(checks[0], Json::parse(R"({
      "check": "offsets", "client": "librdkafka", "status": "pass", "reason": "", "required": true,
      "accepted": null, "duration_ms": 100.0, "stage": "pr", "ran": true,
      "results": ["results/offsets.librdkafka.produce.json"]})"));
  EXPECT_EQ(checks[2]["status"], "inconclusive");
  EXPECT_EQ(checks[2]["reason"], "no result");
  EXPECT_EQ(checks[2]["ran"], false);
  EXPECT_EQ(checks[3]["status"], "skip");
  EXPECT_EQ(checks[3]["required"], false);
  EXPECT_EQ(checks[4]["client"], "java");
}

TEST(SummaryJson, AnswersTheFiveQuestions) {
  const Json questions = to_json(mixed_summary())["questions"];
  ASSERT_EQ(questions.size(), 5u);
  EXPECT_EQ(questions[0]["answer"], "yes");
  EXPECT_EQ(questions[1]["answer"], "no");
  EXPECT_EQ(questions[1]["evidence"][0]["check"], "groups");
  EXPECT_EQ(questions[2]["answer"], "not tested");
}

TEST(SummaryJson, NamesTheReportOfSeveralRuns) {
  Evidence evidence = evidence_of(run_of("kafka"), {step("offsets", Status::kPass)});
  evidence.push_back(evidence[0]);
  evidence[1].run.run_id = "run-2";
  const Json json = to_json(summarize({check("offsets")}, evidence, "both", "both"));
  EXPECT_EQ(json["run_id"], "both");
  EXPECT_EQ(json["runs"], (Json{"run-1", "run-2"}));
  EXPECT_EQ(json["checks"][0]["results"][0], "../run/results/offsets.librdkafka.produce.json");
}

TEST(Checklist, AKafScaleRunHasNoCompatibilityNotice) {
  const std::string text = to_checklist(summarize(
      {check("offsets")}, evidence_of(run_of("kafscale"), {step("offsets", Status::kPass)}), "run",
      "report"));
  EXPECT_FALSE(has(text, "Kafka compatibility"));
  EXPECT_TRUE(has(text, "we didn't break Kafka semantics: yes"));
}

// What failed is shown with its evidence though it comes after thousands that passed.
TEST(Html, OfThousandsOfChecksMostAreOnlyNamed) {
  Manifest manifest;
  std::vector<Step> steps;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "check_" + std::to_string(i);
    manifest.push_back(check(name));
    steps.push_back(step(name, i < 2990 ? Status::kPass : Status::kFail, i < 2990 ? "" : "lost"));
    steps.back().result.metrics = {{"received", 1}};
  }
  const std::string page =
      to_html(summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report"));
  EXPECT_TRUE(has(page, "<tbody id=\"check-150\">"));
  EXPECT_TRUE(has(page, "<li id=\"check-151\">check_150 (librdkafka)\n"));
  EXPECT_TRUE(has(page, "<tbody id=\"check-2999\">"));
  EXPECT_TRUE(has(page, "2,840 more<span class=\"quiet\"> of PR stage</span>"));
  EXPECT_LT(page.size(), 700'000U);
}

TEST(Html, ShowsTheVerdictItsReasonsAndTheEvidence) {
  const std::string page = to_html(mixed_summary());
  EXPECT_TRUE(has(page, "Not compatible"));
  EXPECT_TRUE(has(page, "<a href=\"#check-2\">groups (librdkafka) failed: 3 lost</a>"));
  EXPECT_TRUE(has(page, "The broker acknowledged a record, and it is not in the log."));
  EXPECT_TRUE(has(page, "It is not a KafScale release gate."));
  EXPECT_TRUE(has(page, "3 seen, 0 allowed"));
  EXPECT_TRUE(has(page, "partition 0 offset 17"));
  EXPECT_TRUE(has(page, "and 2 more"));
  EXPECT_TRUE(has(page, "OffsetFetch v5 only"));
  EXPECT_TRUE(has(page, "17.25"));
  EXPECT_TRUE(has(page, "not measured"));
  EXPECT_TRUE(has(page, "href=\"./results/groups.librdkafka.produce.json\""));
}

TEST(Html, LinksTheLogsOfChecksAndOfTheRun) {
  Evidence evidence = evidence_of(run_of("kafka"), {step("offsets", Status::kPass)});
  evidence[0].logs = {"run/logs/broker-1.log", "run/logs/offsets.librdkafka.clean_up.log"};
  const std::string page = to_html(summarize({check("offsets")}, evidence, "run", "report"));
  EXPECT_TRUE(has(page, "Logs: <a href=\"./logs/offsets.librdkafka.clean_up.log\">"));
  EXPECT_TRUE(has(page, "Logs of the run: <a href=\"./logs/broker-1.log\">broker-1.log</a> </p>"));
}

TEST(Html, FailuresAreOpenAndPassesAreNot) {
  EXPECT_TRUE(has(to_html(mixed_summary()), "<details open>"));
  EXPECT_FALSE(has(to_html(passed_summary()), "<details open>"));
}

TEST(Html, NeedsNothingFromAnywhereElse) {
  const std::string page = to_html(mixed_summary());
  for (const char* part :
       {"http://", "https://", "<script", "<link", "<img", "src=", "@import", "url(", "{{", "}}"}) {
    EXPECT_FALSE(has(page, part)) << part;
  }
  EXPECT_TRUE(has(page, "default-src 'none'"));
}

TEST(Html, ManyReasonsAreCut) {
  Manifest manifest;
  for (int i = 0; i < 20; ++i) manifest.push_back(check("check_" + std::to_string(i)));
  const std::string page =
      to_html(summarize(manifest, evidence_of(run_of("kafka"), {}), "run", "report"));
  EXPECT_TRUE(has(page, "and 8 more reasons below"));
}

TEST(Junit, MapsEveryStatus) {
  Evidence evidence = evidence_of(
      run_of("kafka"),
      {step("pass", Status::kPass), step("fail", Status::kFail, "lost"),
       step("error", Status::kError, "no broker"), step("open", Status::kInconclusive, "no data"),
       step("skip", Status::kSkip, "no topic")});
  const std::string xml =
      to_junit(summarize({check("pass"), check("fail"), check("error"), check("open"),
                          check("skip"), check("absent"), kafscale_only("metrics")},
                         evidence, "run", "report"));
  EXPECT_TRUE(has(xml, "tests=\"7\" failures=\"1\" errors=\"2\" skipped=\"3\""));
  EXPECT_TRUE(has(xml, "<testcase name=\"pass (librdkafka)\" classname=\"pr\" time=\"0.100\"/>"));
  EXPECT_TRUE(has(xml, "<failure type=\"fail\" message=\"lost\">"));
  EXPECT_TRUE(has(xml, "<error type=\"error\" message=\"no broker\">"));
  EXPECT_TRUE(has(xml, "<error type=\"inconclusive\" message=\"no data\">"));
  EXPECT_TRUE(has(xml, "<skipped message=\"skipped: no topic\"/>"));
  EXPECT_TRUE(has(xml, "<skipped message=\"not run: no result\"/>"));
  EXPECT_TRUE(has(xml, "<skipped message=\"not required: Apache Kafka has none\"/>"));
}

TEST(Junit, TellsWhatIsWrongWithTheRunItself) {
  Evidence evidence = evidence_of(run_of("kafka"), {step("offsets", Status::kPass)});
  evidence[0].run.interrupted = "signal 2";
  const std::string xml = to_junit(summarize({check("offsets")}, evidence, "run", "report"));
  EXPECT_TRUE(has(xml, "<testsuite name=\"run\" tests=\"1\" failures=\"0\" errors=\"1\""));
  EXPECT_TRUE(has(xml, "the run was interrupted: signal 2"));
}

// Whatever a broker, a topic or a file name says stays text in every view.
TEST(Reports, HostileTextStaysText) {
  const std::string hostile = "<script>alert(1)</script>&\"'|`\n\x1b[31m\xff{{style}}]]>";
  Step bad = step("offsets", Status::kFail, hostile);
  bad.result.step = hostile;
  bad.result.client_version = hostile;
  bad.result.metrics = {{hostile, 1}};
  bad.result.thresholds = {{hostile, hostile, 1, 2, false}};
  bad.result.anomalies = {{hostile, 1, 0, {hostile}}};
  bad.result.findings = {{hostile, hostile, hostile, hostile}};
  bad.result.artifacts = {hostile};
  bad.result.argv = {hostile};
  bad.file = "run/results/" + hostile;
  CheckSpec spec = check("offsets");
  spec.title = hostile;
  auto run = run_of("kafka");
  run.profile = run.commit = run.broker.product = run.machine.host = hostile;
  Evidence evidence = evidence_of(run, {bad});
  evidence[0].problems = {{hostile, hostile}};
  const Summary summary = summarize({spec}, evidence, "run", "report");

  const std::string page = to_html(summary), xml = to_junit(summary), list = to_checklist(summary);
  for (const std::string& text : {page, xml}) {
    EXPECT_FALSE(has(text, "<script"));
    EXPECT_FALSE(has(text, "\x1b"));
    EXPECT_FALSE(has(text, "\xff"));
    EXPECT_TRUE(has(text, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;|`"));
  }
  EXPECT_TRUE(has(page, "{{style}}")) << "text is not a template";
  EXPECT_FALSE(has(list, "\x1b"));
  EXPECT_FALSE(has(list, " <script"));
  EXPECT_TRUE(has(list, "\\<script\\>"));
  for (const std::string& text : {to_markdown(summary), to_tap(summary), to_github(summary)}) {
    EXPECT_FALSE(has(text, "\x1b"));
    EXPECT_FALSE(has(text, "\xff"));
  }
  EXPECT_FALSE(has(to_markdown(summary), " <script"));
  EXPECT_FALSE(Json::parse(dump(to_json(summary)), nullptr, false).is_discarded());
}

using Outputs = test::ScratchFolder;

TEST_F(Outputs, AreSixFiles) {
  ASSERT_TRUE(write_reports(passed_summary(), dir_));
  for (const char* name :
       {"summary.json", "report.html", "report.md", "checklist.md", "junit.xml", "results.tap"}) {
    EXPECT_TRUE(fs::exists(dir_ / name)) << name;
  }
}

TEST_F(Outputs, TheSummaryIsLastSoThatItNeverStandsAlone) {
  fs::create_directories(dir_ / "report.html/not empty");  // cannot be replaced by a file
  const auto written = write_reports(passed_summary(), dir_);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().where, (dir_ / "report.html").string());
  EXPECT_TRUE(fs::exists(dir_ / "checklist.md"));
  EXPECT_FALSE(fs::exists(dir_ / "summary.json"));
}

TEST_F(Outputs, LatestMovesInOneStep) {
  fs::create_directories(dir_ / "one");
  fs::create_directories(dir_ / "two");
  ASSERT_TRUE(point_latest_at(dir_ / "one"));
  EXPECT_EQ(fs::read_symlink(dir_ / "latest"), "one");
  ASSERT_TRUE(point_latest_at(dir_ / "two/"));
  EXPECT_EQ(fs::read_symlink(dir_ / "latest"), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_), {}), 3) << "nothing is left behind";
}

TEST_F(Outputs, LatestDoesNotReplaceAFolder) {
  fs::create_directories(dir_ / "one");
  fs::create_directories(dir_ / "latest");
  const auto moved = point_latest_at(dir_ / "one");
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().where, (dir_ / "latest").string());
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_), {}), 2) << "nothing is left behind";
}

}  // namespace
}  // namespace ks::report
