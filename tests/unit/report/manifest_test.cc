#include "lib/report/manifest.h"

#include <gtest/gtest.h>

namespace ks::report {
namespace {

std::string with_check(const std::string& check) {
  return R"({"schema_version": 1, "checks": [)" + check + "]}";
}

TEST(Manifest, ReadsACheck) {
  const auto manifest = parse_manifest(with_check(R"({
      "check": "metrics_health", "stage": "main", "title": "Metrics", "covers": ["A7"],
      "questions": [1, 4], "targets": ["kafscale"], "client": "each",
      "excluded": "the metrics are KafScale's own", "alone": true, "on_demand": "say so"})"),
                                       "stages.json");
  ASSERT_TRUE(manifest) << manifest.error().message();
  const CheckSpec& spec = manifest->at(0);
  EXPECT_EQ(spec.name, "metrics_health");
  EXPECT_EQ(spec.stage, Stage::kMain);
  EXPECT_EQ(spec.questions, (std::vector<int>{1, 4}));
  EXPECT_TRUE(spec.each_client);
  EXPECT_TRUE(spec.applies_to("kafscale"));
  EXPECT_FALSE(spec.applies_to("kafka"));
  EXPECT_EQ(spec.planned, "");
  EXPECT_EQ(spec.on_demand, "say so");
}

TEST(Manifest, AValidationTellsOfItsOwnChecksAlone) {
  const auto manifest = parse_manifest(
      with_check(R"({"check": "cut", "stage": "main", "also": ["delivery"], "title": "",
                     "covers": [], "questions": [], "targets": ["kafscale", "kafka"],
                     "client": "none"},
                    {"check": "burst", "stage": "performance", "title": "", "covers": [],
                     "questions": [], "targets": ["kafscale", "kafka"], "client": "none"})"),
      "stages.json");
  ASSERT_TRUE(manifest) << manifest.error().message();
  const auto told = [&](Stage stage) {
    std::string out;
    for (const CheckSpec& spec : checks_beside(*manifest, stage)) {
      out += spec.name + "/" + std::string(to_string(spec.stage)) + " ";
    }
    return out;
  };
  EXPECT_EQ(told(Stage::kPr), "cut/main ");
  EXPECT_EQ(told(Stage::kRelease), "cut/main ");
  EXPECT_EQ(told(Stage::kDelivery), "cut/delivery ");
  EXPECT_EQ(told(Stage::kPerformance), "burst/performance ");
}

TEST(Manifest, ErrorsNameFileAndCheck) {
  struct Case {
    std::string text;
    const char* message;
  };
  const auto check = [](const std::string& stage, const std::string& targets,
                        const std::string& rest) {
    return with_check(R"({"check": "a", "stage": ")" + stage + R"(", "title": "", "covers": [],)" +
                      R"("targets": [)" + targets + "]," + rest + "}");
  };
  const std::string both = R"("kafscale", "kafka")";
  const std::string good = R"("questions": [], "client": "none")";
  const std::vector<Case> cases{
      {"{", "not JSON: f.json"},
      {"[]", "not a list of checks of schema_version 1: f.json"},
      {R"({"schema_version": 2, "checks": []})",
       "not a list of checks of schema_version 1: f.json"},
      {with_check("7"), "f.json, check 1"},
      {with_check(R"({"check": "a"})"), "f.json, check a"},
      {check("nightly", both, good), "unknown stage 'nightly': f.json, check a"},
      {check("pr", both, good + R"(, "also": ["main"])"),
       "'also' names a stage that is no validation: f.json, check a"},
      {check("pr", "\"redis\"", good), "unknown target 'redis': f.json, check a"},
      {check("pr", "", good), "no targets: f.json, check a"},
      {check("pr", "\"kafka\"", good), "'excluded' does not say why: f.json, check a"},
      {check("pr", both, R"("questions": [6], "client": "none")"), "unknown question 6: f.json"},
      {check("pr", both, R"("questions": [], "client": "all")"), "unknown client 'all': f.json"},
      {check("pr", both, good + R"(, "others": ["kcat"])"),
       "'others' of a check that is not of each client: f.json, check a"},
  };
  for (const Case& c : cases) {
    const auto manifest = parse_manifest(c.text, "f.json");
    ASSERT_FALSE(manifest) << c.text;
    EXPECT_NE(manifest.error().message().find(c.message), std::string::npos)
        << manifest.error().message();
  }
}

TEST(Manifest, ACheckIsListedOnce) {
  const std::string check = R"({"check": "a", "stage": "pr", "title": "", "covers": [],
      "questions": [], "targets": ["kafscale", "kafka"], "client": "none"})";
  const auto manifest = parse_manifest(with_check(check + "," + check), "f.json");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().message(), "the check is listed twice: f.json, check a");
}

TEST(Manifest, TheGatesListIsValid) {
  const auto manifest = read_manifest(KS_SOURCE "/gates/stages.json");
  ASSERT_TRUE(manifest) << manifest.error().message();
  EXPECT_FALSE(manifest->empty());
}

}  // namespace
}  // namespace ks::report
