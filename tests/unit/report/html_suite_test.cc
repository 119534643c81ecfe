#include "lib/report/html_suite.h"

#include <gtest/gtest.h>

#include "mixed_summary.h"

namespace ks::report {
namespace {

Summary of(const std::string& target, const std::string& profile, Status status) {
  auto run = run_of(target);
  run.profile = profile;
  return summarize(
      {check("offsets")},
      evidence_of(run, {step("offsets", status, status == Status::kPass ? "" : "why")}), "run",
      "report");
}

TEST(Suite, TheWorstVerdictCounts) {
  EXPECT_EQ(verdict_of({passed_summary()}), Status::kPass);
  EXPECT_EQ(verdict_of({of("kafka", "a", Status::kInconclusive), of("kafka", "b", Status::kPass)}),
            Status::kInconclusive);
  EXPECT_EQ(verdict_of({of("kafka", "a", Status::kError), of("kafka", "b", Status::kFail)}),
            Status::kFail);
}

TEST(Suite, ATargetIsNamedWhereTheProfileAloneDoesNotTell) {
  const Suite suite{of("kafka", "a", Status::kPass), of("kafscale", "a", Status::kPass),
                    of("kafka", "b", Status::kPass)};
  EXPECT_EQ(profile_name(suite, suite[0]), "a (kafka)");
  EXPECT_EQ(profile_name(suite, suite[1]), "a (kafscale)");
  EXPECT_EQ(profile_name(suite, suite[2]), "b");
}

TEST(Suite, HasATabAndAPanelForEach) {
  const std::string page =
      to_suite_html({of("kafka", "<one>", Status::kPass), of("kafka", "two", Status::kFail)});
  EXPECT_TRUE(has(page, "<title>Suite: fail. 1 of 2 profiles passed.</title>"));
  EXPECT_TRUE(has(page, "aria-controls=\"panel-1\">&lt;one&gt; <span class=\"pill pass\">pass<"));
  EXPECT_TRUE(has(page, "<div id=\"panel-2\" aria-labelledby=\"tab-2\">"));
  EXPECT_TRUE(has(page, "id=\"p2-check-1\""));
  EXPECT_TRUE(has(page, "href=\"#p2-check-1\""));
  EXPECT_EQ(page.find("<main"), page.rfind("<main"));
  EXPECT_EQ(page.find("<script"), page.rfind("<script"));
}

TEST(Suite, AsData) {
  const auto json =
      to_suite_json({of("kafka", "a", Status::kPass), of("kafka", "b", Status::kFail)});
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["profiles"][0], nlohmann::ordered_json::parse(R"({
      "profile": "a", "target": "kafka", "verdict": "pass", "decision": "compatible",
      "tally": "1 of 1 required check passed.", "runs": ["run-1"]})"));
}

}  // namespace
}  // namespace ks::report
