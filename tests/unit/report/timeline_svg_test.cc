// What the charts show, by the elements that are drawn: places are read back from them.
#include "lib/report/timeline_svg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <clocale>

#include "lib/report/chart.h"
#include "timeline_builders.h"

namespace ks::report {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Twenty seconds of traffic.
Step steady() {
  std::vector<Second> seconds;
  seconds.reserve(20);
  for (int i = 0; i < 20; ++i) seconds.push_back(second_of(i, 300));
  return traced_step("ks-produce", seconds);
}

std::string drawn(const Step& step) { return timeline_svg(make_timeline({&step}, 100), "words"); }

// Where a time of the twenty seconds is.
double x(double seconds) { return Chart::kLeft + seconds / 20 * (Chart::kRight - Chart::kLeft); }

double end_of(const std::string& rect) { return attribute(rect, "x") + attribute(rect, "width"); }

TEST(TimelineSvg, IsAnImageThatIsDescribedElsewhere) {
  EXPECT_TRUE(drawn(steady()).starts_with("<svg viewBox=\"0 0 1000 "));
  EXPECT_TRUE(has(drawn(steady()), " role=\"img\" aria-labelledby=\"words\">"));
}

TEST(TimelineSvg, HasARateThreePercentilesAndTheFiguresOfEachSecond) {
  const std::string svg = drawn(steady());
  EXPECT_EQ(tags(svg, "rect", "hover").size(), 20U);
  EXPECT_TRUE(has(svg, "<title>12:00:07\nproduce 300/s, 0 errors, p50 1, p95 2, p99 4 ms</title>"));
  for (const char* css : {"curve rate", "curve p50", "curve p95", "curve p99"}) {
    EXPECT_EQ(tags(svg, "path", css).size(), 2U) << css;  // its legend, and itself
  }
  EXPECT_TRUE(has(svg, ">Errors per second: none<"));
  EXPECT_TRUE(has(svg, ">12:00:15<"));
}

TEST(TimelineSvg, ABrokersFigureHasAPlotWhereItChanges) {
  Step watch = traced_step("ks-metrics", {});
  watch.series.readings = {{at_s(0), {{"<latency>", 0}, {"state", 1}}},
                           {at_s(1), {{"<latency>", 4}, {"state", 1}}},
                           {at_s(3), {{"<latency>", 5}, {"state", 1}}},
                           {at_s(6), {{"<latency>", 5}, {"state", 1}}}};
  const std::string svg = drawn(watch);
  const auto curves = tags(svg, "path", "curve gauge");
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_EQ(std::ranges::count(curves[0], 'M'), 2);  // a hole where nothing was read
  EXPECT_TRUE(has(svg, ">&lt;latency&gt;</text>"));
  EXPECT_TRUE(has(svg, "<title>12:00:01\n&lt;latency&gt; 4</title>"));
  EXPECT_FALSE(has(svg, "state"));
}

TEST(TimelineSvg, AFaultIsShadedFromItsConfirmationToItsHealing) {
  Step step = steady();
  step.disturbances.faults = {{"kill broker-1", at_s(4), at_s(5), at_s(10)}};
  const auto faults = tags(drawn(step), "rect", "fault");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_NEAR(attribute(faults[0], "x"), x(5), 0.1);
  EXPECT_NEAR(end_of(faults[0]), x(10), 0.2);
  EXPECT_TRUE(has(drawn(step), ">kill broker-1</text>"));
}

TEST(TimelineSvg, AFaultThatNeverHealedIsOpenToTheRight) {
  Step step = steady();
  step.disturbances.faults = {{"kill", at_s(4), at_s(5), std::nullopt}};
  const auto faults = tags(drawn(step), "rect", "fault unhealed");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_NEAR(end_of(faults[0]), Chart::kRight, 0.2);
  EXPECT_TRUE(has(drawn(step), "never healed</title>"));
}

TEST(TimelineSvg, AFaultThatWasNotConfirmedIsMarkedAsSuch) {
  Step step = steady();
  step.disturbances.faults = {{"kill", at_s(4), std::nullopt, at_s(6)}};
  const auto faults = tags(drawn(step), "rect", "fault unconfirmed");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_NEAR(attribute(faults[0], "x"), x(4), 0.1);
  EXPECT_TRUE(has(drawn(step), ">kill (not confirmed)</text>"));
}

TEST(TimelineSvg, NamesOfFaultsDoNotOverlap) {
  Step step = steady();
  for (int i = 0; i < 6; ++i) {
    step.disturbances.faults.push_back(
        {"kill broker-" + std::to_string(i), at_s(4 + i * 0.1), at_s(4 + i * 0.1), at_s(6)});
  }
  EXPECT_EQ(tags(drawn(step), "text", "fault-name").size(), 3U);
  EXPECT_EQ(tags(drawn(step), "rect", "fault").size(), 6U);
}

TEST(TimelineSvg, ARecoveryIsMarkedWithItsLengthAnOpenOneAsSuch) {
  Step step = steady();
  step.disturbances.faults = {{"kill", at_s(4), at_s(5), at_s(6)},
                              {"kill", at_s(14), at_s(15), at_s(16)}};
  step.disturbances.partitions = {
      partition_of(0, {recovery_of("kill", 5, 4.5, 7), recovery_of("kill", 15, 14.5, 19, true)})};
  const std::string svg = drawn(step);
  const auto healed = tags(svg, "rect", "recovery");
  ASSERT_EQ(healed.size(), 1U);
  EXPECT_NEAR(attribute(healed[0], "x"), x(4.5), 0.1);
  EXPECT_NEAR(end_of(healed[0]), x(7), 0.2);
  EXPECT_TRUE(has(svg, ">2,500 ms</text>"));
  const auto open = tags(svg, "rect", "recovery open");
  ASSERT_EQ(open.size(), 1U);
  EXPECT_NEAR(end_of(open[0]), x(19), 0.2);
  EXPECT_TRUE(has(svg, ">not recovered after 4,500 ms</text>"));
}

TEST(TimelineSvg, TheLengthOfARecoveryIsLeftOutWhereItWouldCoverAnother) {
  Step step = steady();
  step.disturbances.partitions = {
      partition_of(0, {recovery_of("a", 1, 1, 2), recovery_of("b", 2.1, 2.1, 3)})};
  const std::string svg = drawn(step);
  EXPECT_FALSE(has(svg, ">1,000 ms</text>"));
  EXPECT_TRUE(has(svg, "<title>a: 1,000 ms</title>"));
  EXPECT_TRUE(has(svg, ">900 ms</text>"));
}

TEST(TimelineSvg, ErrorsAreBarsThatAreNeverTooSmallToSee) {
  Step step = steady();
  step.series.seconds[3].errors = 1;
  step.series.seconds[5].errors = 1000;
  const auto bars = tags(drawn(step), "rect", "errors");
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_EQ(attribute(bars[0], "height"), 3);
  EXPECT_GT(attribute(bars[1], "height"), 20);
}

TEST(TimelineSvg, AnOutlierIsCutAndTold) {
  Step step = steady();
  step.series.seconds[19].records = 6000;
  const std::string svg = drawn(step);
  EXPECT_TRUE(has(svg, "cut, up to 6,000"));
  EXPECT_TRUE(has(svg, ">500</text>"));
  EXPECT_EQ(tags(svg, "path", "cut").size(), 1U);
  EXPECT_TRUE(has(svg, "produce 6,000/s"));
}

TEST(TimelineSvg, WhatIsFastForATenthOfTheTimeIsNotCut) {
  Step step = steady();
  for (const std::size_t second : {17U, 18U, 19U}) step.series.seconds[second].records = 6000;
  const std::string svg = drawn(step);
  EXPECT_FALSE(has(svg, "cut, up to"));
  EXPECT_TRUE(has(svg, ">10,000</text>"));
}

TEST(TimelineSvg, ASecondWithoutAStepIsAHoleAndNoLine) {
  Step step = traced_step("ks-produce", {second_of(0, 1), second_of(1, 1), second_of(4, 1)});
  const auto curves = tags(drawn(step), "path", "curve rate");
  ASSERT_EQ(curves.size(), 2U);
  EXPECT_EQ(std::ranges::count(curves[1], 'M'), 2);
  EXPECT_EQ(std::ranges::count(curves[1], 'L'), 1);
}

TEST(TimelineSvg, FaultsWithoutSeriesAreDrawn) {
  Step step = traced_step("ks-verify", {});
  step.disturbances.faults = {{"kill", at_s(4), at_s(5), at_s(6)}};
  EXPECT_EQ(tags(drawn(step), "rect", "fault").size(), 1U);
}

TEST(TimelineSvg, HostileNamesStayText) {
  const std::string hostile = "</title><script>\"'&\x1b\xff";
  Step step = steady();
  step.result.tool = hostile;
  step.disturbances.faults = {{hostile, at_s(4), at_s(5), at_s(6)}};
  step.disturbances.partitions = {partition_of(0, {recovery_of(hostile, 5, 4, 7)})};
  step.disturbances.partitions[0].topic = hostile;
  const Timeline timeline = make_timeline({&step}, 100);
  for (const std::string& svg : {timeline_svg(timeline, "words"),
                                 partitions_svg(timeline, {&timeline.partitions[0]}, "words")}) {
    EXPECT_FALSE(has(svg, "<script"));
    EXPECT_FALSE(has(svg, "\x1b"));
    EXPECT_TRUE(has(svg, "&lt;/title&gt;&lt;script&gt;&quot;&#39;&amp;"));
  }
}

TEST(TimelineSvg, EachPartitionHasItsGapAndItsRecoveries) {
  Step step = steady();
  step.disturbances.partitions = {partition_of(0, {}),
                                  partition_of(7, {recovery_of("kill", 5, 4, 7, true)}, "consume")};
  const Timeline timeline = make_timeline({&step}, 100);
  const std::string svg =
      partitions_svg(timeline, {&timeline.partitions[0], &timeline.partitions[1]}, "words");
  EXPECT_TRUE(has(svg, ">orders[0] produce<"));
  EXPECT_TRUE(has(svg, ">orders[7] consume<"));
  const auto gaps = tags(svg, "rect", "gap");
  ASSERT_EQ(gaps.size(), 2U);
  EXPECT_NEAR(attribute(gaps[0], "x"), x(5), 0.1);
  EXPECT_NEAR(end_of(gaps[0]), x(5.5), 0.2);
  EXPECT_EQ(tags(svg, "rect", "recovery open").size(), 1U);
}

TEST(Coordinate, HasAPointWhateverTheLocaleAndNoNeedlessDigits) {
  EXPECT_EQ(coordinate(12.34), "12.3");
  EXPECT_EQ(coordinate(12), "12");
  EXPECT_EQ(coordinate(-0.01), "0");
  EXPECT_EQ(coordinate(1e300), "0");
  EXPECT_EQ(coordinate(0.0 / 0.0), "0");
}

TEST(NiceAbove, IsOneTwoOrFiveTimesAPowerOfTen) {
  EXPECT_DOUBLE_EQ(nice_above(300), 500);
  EXPECT_DOUBLE_EQ(nice_above(1000), 1000);
  EXPECT_DOUBLE_EQ(nice_above(1001), 2000);
  EXPECT_DOUBLE_EQ(nice_above(0.3), 0.5);
  EXPECT_DOUBLE_EQ(nice_above(51), 100);
}

TEST(Fitting, CutsBetweenCharacters) {
  EXPECT_EQ(fitting("kill", 100), "kill");
  EXPECT_EQ(fitting("äöüäöüäöü", width_of("abcd")), "äöü…");
}

}  // namespace
}  // namespace ks::report
