// The sections of report.html that look across all steps.
#include <gtest/gtest.h>

#include "lib/report/html.h"
#include "lib/report/latency_svg.h"
#include "mixed_summary.h"
#include "timeline_builders.h"

namespace ks::report {
namespace {

std::string page_of(std::vector<Step> steps, const Manifest& manifest = {check("offsets")}) {
  return to_html(
      summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report"));
}

TEST(HtmlFigures, ExpectedStandsBesideObservedAndViolationsComeFirst) {
  Step one = step("offsets", Status::kFail, "lost");
  one.result.thresholds = {{"errors", "==", 0, 0, true}, {"received", ">=", 1000, 997, false}};
  const std::string page = page_of({one});
  EXPECT_TRUE(has(page, "<p>1 of 2 held.</p>"));
  const std::size_t section = page.find("id=\"expected\"");
  const std::size_t violated = page.find(
      "<code>received</code></td><td class=\"number\">≥ 1,000</td>"
      "<td class=\"number\">997</td>",
      section);
  ASSERT_NE(violated, std::string::npos);
  EXPECT_LT(violated, page.find("<code>errors</code></td>", section));
}

TEST(HtmlFigures, AreNotThereWhereThereIsNothing) {
  const std::string page = page_of({step("offsets", Status::kPass)});
  for (const char* id : {"expected", "traffic", "anomalies", "findings"}) {
    EXPECT_FALSE(has(page, "#" + std::string(id) + "\"")) << id;
    EXPECT_FALSE(has(page, "<section id=\"" + std::string(id) + "\"")) << id;
  }
}

TEST(HtmlFigures, ThousandsOfThresholdsAreCounted) {
  Step one = step("offsets", Status::kPass);
  for (int i = 0; i < 5000; ++i) one.result.thresholds.push_back({"m", "==", 0, 0, true});
  EXPECT_TRUE(has(page_of({one}), "4,800 more held"));
}

TEST(HtmlFigures, TrafficHasRecordsAndLatencies) {
  Step sent = step("offsets", Status::kPass, "", "wire", "produce");
  sent.result.metrics = {{"acked_records", 1000},  {"errors", 0},         {"acked_per_s", 50},
                         {"latency_ms_p50", 1.5},  {"latency_ms_p95", 5}, {"latency_ms_p99", 9},
                         {"latency_ms_max", 12.25}};
  const std::string page = page_of({sent});
  EXPECT_TRUE(has(page,
                  "<td class=\"number\">1,000</td><td class=\"number\">–</td>"
                  "<td class=\"number\">0</td><td class=\"number\">50</td>"
                  "<td class=\"number\">1.5</td>"));
  EXPECT_TRUE(has(page, "p50 1.5, p95 5, p99 9, maximum 12.3 ms</title>") ||
              has(page, "p50 1.50, p95 5.00, p99 9.00, maximum 12.3 ms</title>"))
      << page.substr(page.find("p50 1"), 60);
  EXPECT_TRUE(has(page, "Latency of each step, on"));
}

TEST(HtmlFigures, OfManyDistributionsThoseOfMostRecordsAreDrawn) {
  std::vector<Step> steps;
  for (int i = 0; i < 30; ++i) {
    Step one = step("offsets", Status::kPass, "", "librdkafka", "step-" + std::to_string(i) + ".");
    one.result.metrics = {
        {"acked_records", i}, {"latency_ms_p50", 1}, {"latency_ms_p95", 2}, {"latency_ms_p99", 3}};
    steps.push_back(std::move(one));
  }
  const std::string page = page_of(std::move(steps));
  EXPECT_EQ(tags(page, "rect", "spread").size(), 24U);
  EXPECT_TRUE(has(page, "step-29.: p50"));
  EXPECT_FALSE(has(page, "step-5.: p50"));
  EXPECT_TRUE(has(page, "Latency of the 24 steps of most records"));
}

TEST(HtmlFigures, AFindingTellsWhatToDo) {
  Step one = step("offsets", Status::kPass);
  one.result.findings = {{"null-records", "info", "null", "Fetch 13"}};
  EXPECT_TRUE(has(page_of({one}), "<td>Answer an empty record set.</td>"));
}

TEST(LatencySvg, ValuesLieOnALogarithmicAxis) {
  const std::string svg = latency_svg({{"a", 1, 10, 100, 1000}}, "words");
  const auto bars = tags(svg, "rect", "spread");
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_TRUE(has(bars[0], "x=\"400\"")) << bars[0];
  EXPECT_TRUE(has(bars[0], "width=\"195\"")) << bars[0];  // a third of 585
  EXPECT_TRUE(has(svg, ">1 s</text>"));
}

TEST(LatencySvg, BearsWhatIsNoLatency) {
  EXPECT_EQ(latency_svg({}, "words"), "");
  for (const double value : {0.0, -1.0, 1e300, 1e-300}) {
    const std::string svg = latency_svg({{"<b>", value, value, value, value}}, "words");
    EXPECT_FALSE(has(svg, "<b>"));
    EXPECT_FALSE(has(svg, "nan"));
    EXPECT_LT(svg.size(), 5000U);
  }
}

}  // namespace
}  // namespace ks::report
