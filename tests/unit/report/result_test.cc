#include "lib/report/result.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/cli/redact.h"
#include "lib/report/json_text.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

Result full_result() {
  Result r;
  r.run_id = "run-1";
  r.check = "offsets";
  r.step = "list";
  r.client = "librdkafka";
  r.client_version = "2.0.2";
  r.title = "Offsets";
  r.stage = "pr";
  r.status = Status::kFail;
  r.reason = "2 lost";
  r.target = "kafka";
  r.profile = "embedded";
  r.brokers = {"127.0.0.1:19092"};
  r.broker = {"Apache Kafka", "apis-1"};
  r.tool = "ks-offsets";
  r.argv = {"list"};
  r.started_at_ns = 1'769'860'800'123'000'000;
  r.duration_ms = 12.5;
  r.metrics = {{"errors", 0}, {"latency_ms_p99", 7.25}};
  r.thresholds = {{"errors", "==", 0, 0, true}, {"sent", ">", 1, std::nullopt, false}};
  r.anomalies = {{"lost", 2, 0, {"offset 1", "offset 2"}}};
  r.findings = {{"id", "warning", "summary", "evidence"}};
  r.series = "series/a.jsonl";
  r.artifacts = {"history/a"};
  r.data = {{"topics", {"a"}}};
  return r;
}

TEST(Result, SurvivesJson) {
  const Json json = to_json(full_result());
  const auto back = result_from_json(json);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(dump(to_json(*back)), dump(json));
}

TEST(Result, WhatWasNotMeasuredIsLeftOut) {
  Result r = full_result();
  r.metrics = {{"rate_per_s", NAN}, {"errors", 1}};
  r.thresholds = {{"rate_per_s", ">", 1, INFINITY, false}};
  const Json json = Json::parse(dump(to_json(r)));
  EXPECT_EQ(json["metrics"], Json({{"errors", 1.0}}));
  EXPECT_TRUE(json["thresholds"][0]["observed"].is_null());
  EXPECT_TRUE(result_from_json(json));
}

TEST(Result, KeepsAtMostTenExamples) {
  Result r = full_result();
  r.anomalies = {{"lost", 12, 0, std::vector<std::string>(12, "offset")}};
  EXPECT_EQ(to_json(r)["anomalies"][0]["examples"].size(), kMostExamples);
}

TEST(Result, ItsTextsHoldNoSecret) {
  cli::add_secret("correct-horse-battery");
  const std::string text = "correct-horse-battery";
  Result r = full_result();
  r.argv = {"-X", text};
  r.reason = text;
  r.anomalies[0].examples = {"offset 1", text};
  r.findings[0].summary = text;
  r.findings[0].evidence = text;
  EXPECT_EQ(dump(to_json(redacted(r))).find("correct-horse"), std::string::npos);
}

TEST(Result, ItsNamesAndDataStayWhatTheyAreWhateverThePassword) {
  const std::string word = "everyday-word";
  Result r = full_result();
  for (std::string* name : {&r.run_id, &r.check, &r.step, &r.client, &r.title, &r.stage, &r.target,
                            &r.profile, &r.broker.product, &r.tool, &r.series}) {
    *name = word;
  }
  r.brokers = r.artifacts = {word};
  r.metrics = {{word, 1}};
  r.thresholds[0].metric = r.anomalies[0].type = r.findings[0].id = word;
  r.data = {{word, {word}}};
  const std::string before = dump(to_json(r));
  cli::add_secret(word);
  EXPECT_EQ(dump(to_json(redacted(r))), before);
}

TEST(Result, AnyBytesBecomeValidJson) {
  Result r = full_result();
  r.reason = "topic \xff\xfe";
  EXPECT_FALSE(Json::parse(dump(to_json(r)), nullptr, false).is_discarded());
}

TEST(Result, MalformedOnesAreRefused) {
  const std::vector<std::pair<const char*, Json>> cases{
      {"/schema_version", 2},
      {"/status", "ok"},
      {"/status", 1},
      {"/started_at", "yesterday"},
      {"/duration_ms", -1},
      {"/duration_ms", 1e300},
      {"/duration_ms", nullptr},
      {"/brokers", "127.0.0.1"},
      {"/metrics/errors", "none"},
      {"/thresholds/0/ok", nullptr},
      {"/anomalies/0/count", -1},
      {"/anomalies/0/allowed", -1},
      {"/anomalies/0/count", 1.5},
      {"/findings/0", Json::array()},
      {"/tool", nullptr},
  };
  for (const auto& [pointer, value] : cases) {
    Json json = to_json(full_result());
    json[Json::json_pointer(pointer)] = value;
    EXPECT_FALSE(result_from_json(json)) << pointer << " = " << value;
  }
  EXPECT_FALSE(result_from_json(Json::array()));
  const Json whole = to_json(full_result());
  for (const auto& [key, value] : whole.items()) {
    if (key == "data") continue;
    Json json = whole;
    json.erase(key);
    EXPECT_FALSE(result_from_json(json)) << "without " << key;
  }
}

TEST(Result, TheFirstReasonOfTheWorstStatusStays) {
  Result r;
  r.lower_to(Status::kError, "no broker");
  r.lower_to(Status::kFail, "2 lost");
  r.lower_to(Status::kFail, "3 lost");
  r.lower_to(Status::kSkip, "later");
  EXPECT_EQ(r.status, Status::kFail);
  EXPECT_EQ(r.reason, "2 lost");
}

TEST(Result, ExpectationsJudgeIt) {
  Result r;
  r.metrics = {{"errors", 3}};
  apply({*parse_expectation("errors <= 3")}, r);
  EXPECT_EQ(r.status, Status::kPass);
  apply({*parse_expectation("errors == 0")}, r);
  EXPECT_EQ(r.reason, "expected errors == 0, observed 3");
  ASSERT_EQ(r.thresholds.size(), 2u);
  EXPECT_FALSE(r.thresholds[1].ok);
}

TEST(Result, WhatWasNotMeasuredIsNotMet) {
  Result r;
  apply({*parse_expectation("lost != 1")}, r);
  EXPECT_EQ(r.status, Status::kFail);
  EXPECT_FALSE(r.thresholds.at(0).observed);
}

}  // namespace
}  // namespace ks::report
