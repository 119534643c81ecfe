#include "lib/report/html_room.h"

#include <gtest/gtest.h>

#include "lib/report/html.h"
#include "lib/report/html_suite.h"
#include "mixed_summary.h"
#include "timeline_builders.h"

namespace ks::report {
namespace {

// Of `count` checks every second one failed; each has `metrics` figures and a series.
Summary large_summary(int count, int metrics) {
  Manifest manifest;
  std::vector<Step> steps;
  for (int i = 0; i < count; ++i) {
    const std::string name = "check_" + std::to_string(i);
    manifest.push_back(check(name));
    Step one = step(name, i % 2 == 0 ? Status::kPass : Status::kFail, i % 2 == 0 ? "" : "lost");
    for (int m = 0; m < metrics; ++m) one.result.metrics["metric_" + std::to_string(m)] = m;
    for (int s = 0; s < 60; ++s) one.series.seconds.push_back(second_of(s, 300));
    one.result.tool = "ks-produce";
    steps.push_back(std::move(one));
  }
  return summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report");
}

TEST(Room, IsForWhatDidNotPassFirst) {
  const Summary summary = large_summary(4, 0);
  Room room;
  EXPECT_EQ(with_evidence(summary, room), (std::vector<bool>{true, true, true, true}));
  EXPECT_LT(room.evidence_bytes, 10'000U);
  room.evidence_bytes = 4000;  // of two
  EXPECT_EQ(with_evidence(summary, room), (std::vector<bool>{false, true, false, true}));
  room.evidence_bytes = 0;
  EXPECT_EQ(with_evidence(summary, room), (std::vector<bool>(4, false)));
}

TEST(Room, EndsSomewhere) {
  Room room{10'000};
  int steps = 0;
  while (room.shrink(1000)) ++steps;
  EXPECT_LT(steps, 100);
  EXPECT_EQ(room.evidence_bytes + room.timelines + room.names, 0U);
}

TEST(HtmlRoom, APageIsNoLargerThanItMayBe) {
  const Summary summary = large_summary(40, 50);
  const std::size_t whole = run_markup(summary, true, kMostPageBytes).size();
  for (const std::size_t most : {whole / 2, whole / 4}) {
    const std::string page = run_markup(summary, true, most);
    EXPECT_LE(page.size(), most);
    EXPECT_GT(page.size(), most / 4);
    EXPECT_TRUE(has(page, " more<span class=\"quiet\"> of PR stage</span>"));
  }
  EXPECT_TRUE(has(run_markup(summary, true, whole / 8), "no room here for every timeline"));
  EXPECT_TRUE(has(run_markup(summary, true, 1), "40 are not named here"));
}

TEST(HtmlRoom, NorIsASuite) {
  EXPECT_LT(to_suite_html(Suite(8, large_summary(40, 60))).size(), 2'000'000U);
}

TEST(HtmlRoom, NorWithTextsOfAnyLength) {
  const std::string text(3'000'000, '<');
  Step one = step("offsets", Status::kFail, text);
  one.result.findings = {{"id", "warning", text, text}};
  one.result.anomalies = {{"lost", 1, 0, {text}}};
  one.result.argv = {text};
  const Summary summary =
      summarize({check("offsets")}, evidence_of(run_of("kafka"), {one}), "run", "report");
  EXPECT_LT(to_html(summary).size(), 500'000U);
}

}  // namespace
}  // namespace ks::report
