#include "lib/report/html_timeline.h"

#include <gtest/gtest.h>

#include "lib/report/html.h"
#include "timeline_builders.h"

namespace ks::report {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string page_of(std::vector<Step> steps, const Manifest& manifest = {check("offsets")}) {
  return to_html(
      summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report"));
}

Step traffic(int seconds) {
  std::vector<Second> list;
  for (int i = 0; i < seconds; ++i) list.push_back(second_of(i, 300));
  return traced_step("ks-produce", list);
}

TEST(HtmlTimeline, IsThereWhereAStepLeftASeries) {
  const std::string page = page_of({traffic(10)});
  EXPECT_TRUE(has(page, "<a href=\"#timelines\">Timeline</a>"));
  EXPECT_TRUE(has(page, "<a href=\"#timeline-1\">Timeline<"));
  EXPECT_TRUE(has(page, "<div id=\"timeline-1\">"));
  EXPECT_TRUE(has(page, "<svg "));
  EXPECT_TRUE(has(page, "<tr><th scope=row>12:00:09<td>produce<td>300<td>0<td>1<td>2<td>4"));
  EXPECT_FALSE(has(page, "The whole run"));
}

TEST(HtmlTimeline, IsNotThereWithoutSeriesOrForAMoment) {
  for (const Step& step : {step("offsets", Status::kPass), traffic(2)}) {
    const std::string page = page_of({step});
    EXPECT_FALSE(has(page, "<svg "));
    EXPECT_FALSE(has(page, "#timeline"));
  }
}

TEST(HtmlTimeline, IsOpenWhereThereWereFaultsOrTheCheckDidNotPass) {
  constexpr const char* kOpen = "<details class=\"timeline\" open>";
  EXPECT_FALSE(has(page_of({traffic(10)}), kOpen));
  Step failed = traffic(10);
  failed.result.status = Status::kFail;
  EXPECT_TRUE(has(page_of({failed}), kOpen));
  Step disturbed = traffic(10);
  disturbed.disturbances.faults = {{"kill", at_s(1), at_s(2), std::nullopt}};
  const std::string page = page_of({disturbed});
  EXPECT_TRUE(has(page, kOpen));
  EXPECT_TRUE(has(page,
                  "<th scope=\"row\">kill</th><td>12:00:01</td><td>12:00:02</td><td>never</td>"
                  "<td>–</td><td>–</td>"));
}

TEST(HtmlTimeline, AMissingSeriesIsTold) {
  Step step = traffic(0);
  step.series.problem = "not in the run folder: <x>";
  const std::string page = page_of({step});
  EXPECT_TRUE(has(page, "Incomplete is the series of produce: not in the run folder: &lt;x&gt;"));
  EXPECT_FALSE(has(page, "<svg "));
}

TEST(HtmlTimeline, ListsEachPartition) {
  Step step = traffic(10);
  step.disturbances.partitions = {partition_of(3, {recovery_of("kill", 2, 1, 3)}),
                                  partition_of(4, {})};
  const std::string page = page_of({step});
  EXPECT_TRUE(has(page, "<summary>Each partition"));
  EXPECT_TRUE(has(page, "<td class=\"number\">1</td><td>2,000 ms after kill</td>"));
  EXPECT_TRUE(has(page, "<td class=\"number\">0</td><td>–</td>"));
}

TEST(HtmlTimeline, OfMorePartitionsThanThereIsRoomForTheWorstAreShown) {
  Step step = traffic(10);
  for (int i = 0; i < 1500; ++i) step.disturbances.partitions.push_back(partition_of(i, {}));
  step.disturbances.partitions[1400].gap_ms = 9999;
  step.disturbances.partitions[1499].recoveries = {recovery_of("kill", 2, 1, 3, true)};
  const std::string page = page_of({step});
  EXPECT_EQ(tags(page, "rect", "gap").size(), 1000U);
  EXPECT_TRUE(has(page, ">orders[1400] produce<"));
  EXPECT_TRUE(has(page, ">orders[1499] produce<"));
  EXPECT_TRUE(has(page, "the step's result has 500 more"));
}

TEST(HtmlTimeline, OfSeveralChecksTheWholeRunComesFirst) {
  Step other = traffic(10);
  other.result.check = "groups";
  other.file = "run/results/groups.librdkafka.produce.json";
  const std::string page = page_of({traffic(10), other}, {check("offsets"), check("groups")});
  EXPECT_LT(page.find("The whole run"), page.find("<div id=\"timeline-1\">"));
  EXPECT_TRUE(has(page, "<div id=\"timeline-run\">"));
  EXPECT_TRUE(has(page, "produce 600/s"));  // both together
}

TEST(HtmlTimeline, ManyFitThePage) {
  Manifest manifest;
  std::vector<Step> steps;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "check_" + std::to_string(i);
    manifest.push_back(check(name));
    Step step = traffic(600);
    step.result.check = name;
    step.file = "run/results/" + name + ".librdkafka.produce.json";
    if (i == 150) step.disturbances.faults = {{"kill", at_s(1), at_s(2), at_s(3)}};
    steps.push_back(std::move(step));
  }
  const Summary summary =
      summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report");
  const Timelines timelines = timelines_data(summary);
  EXPECT_EQ(timelines.undrawn,
            "Not drawn are 140 more timelines; their series are with their steps.");
  EXPECT_EQ(timelines.list.size(), 61U);               // and the whole run
  EXPECT_EQ(timelines.anchors.at(150), "timeline-1");  // trouble first
  const std::string page = to_html(summary);
  const std::size_t begin = page.find("<section id=\"timelines\"");
  EXPECT_LT(page.find("</section>", begin) - begin, 1'500'000U);
}

}  // namespace
}  // namespace ks::report
