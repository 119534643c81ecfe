#include "lib/report/timeline.h"

#include <gtest/gtest.h>

#include "lib/report/timeline_text.h"
#include "timeline_builders.h"

namespace ks::report {
namespace {

TEST(Timeline, WithoutSeriesAndFaultsThereIsNone) {
  const Step bare = step("offsets", Status::kPass);
  const Timeline timeline = make_timeline({&bare}, 10);
  EXPECT_FALSE(timeline.has_axis());
}

TEST(Timeline, HasALaneForEachToolProducingFirst) {
  const Step reader = traced_step("ks-consume", {second_of(1.5, 7)});
  const Step writer = traced_step("ks-produce", {second_of(0.5, 5), second_of(1.5, 6)});
  const Timeline timeline = make_timeline({&reader, &writer}, 10);
  EXPECT_EQ(timeline.begin_ns, kNoonNs);
  EXPECT_EQ(timeline.buckets, 2U);
  ASSERT_EQ(timeline.lanes.size(), 2U);
  EXPECT_EQ(timeline.lanes[0].name, "produce");
  EXPECT_EQ(timeline.lanes[0].buckets.size(), 2U);
  EXPECT_EQ(timeline.lanes[1].name, "consume");
  ASSERT_EQ(timeline.lanes[1].buckets.size(), 1U);
  EXPECT_EQ(timeline.lanes[1].buckets[0].rate.at, 1U);
}

TEST(Timeline, OfOneToolTheRatesAddUpAndTheWorstLatencyCounts) {
  Second slow = second_of(0.9, 3, 1);
  slow.latency = Latency{0.5, 9, 11};
  const Step a = traced_step("ks-produce", {second_of(0.1, 5, 2)});
  const Step b = traced_step("ks-produce", {slow});
  const Timeline timeline = make_timeline({&a, &b}, 10);
  ASSERT_EQ(timeline.lanes.size(), 1U);
  ASSERT_EQ(timeline.lanes[0].buckets.size(), 1U);
  const Bucket& bucket = timeline.lanes[0].buckets[0];
  EXPECT_EQ(bucket.rate.most, 8);
  EXPECT_EQ(bucket.errors, 3);
  EXPECT_EQ(bucket.latency->p50_ms, 1);
  EXPECT_EQ(bucket.latency->p95_ms, 9);
  EXPECT_EQ(bucket.latency->p99_ms, 11);
}

TEST(Timeline, ALongOneIsThinnedAndKeepsItsExtremes) {
  std::vector<Second> seconds;
  seconds.reserve(3600);
  for (int i = 0; i < 3600; ++i) seconds.push_back(second_of(i, 300));
  seconds[1000].records = 0;
  seconds[1004].records = 900;
  seconds[1001].errors = 5;
  seconds[1002].latency = Latency{10, 20, 30};
  seconds[2001].records = 800;
  seconds[2004].records = 1;
  const Step writer = traced_step("ks-produce", seconds);
  const Timeline timeline = make_timeline({&writer}, 240);
  EXPECT_EQ(timeline.bucket_ns, 15'000'000'000);
  EXPECT_EQ(timeline.buckets, 240U);
  const auto& buckets = timeline.lanes.at(0).buckets;
  ASSERT_EQ(buckets.size(), 240U);
  const Bucket& hit = buckets[1000 / 15];
  EXPECT_EQ(hit.rate.least, 0);
  EXPECT_EQ(hit.rate.most, 900);
  EXPECT_TRUE(hit.rate.rises);
  EXPECT_EQ(hit.errors, 5);
  EXPECT_EQ(hit.latency->p99_ms, 30);
  EXPECT_FALSE(buckets[2001 / 15].rate.rises);
  EXPECT_EQ(buckets[5].rate.least, buckets[5].rate.most);
}

TEST(Timeline, TheBrokersFiguresKeepTheirExtremes) {
  Step watch = traced_step("ks-metrics", {});
  watch.series.readings = {{at_s(0.2), {{"latency", 3}, {"state", 1}}},
                           {at_s(1.2), {{"latency", 9}, {"state", 1}}},
                           {at_s(3.2), {{"latency", 5}, {"state", 1}}}};
  const Timeline timeline = make_timeline({&watch}, 2);
  EXPECT_EQ(timeline.begin_ns, kNoonNs);
  EXPECT_EQ(timeline.bucket_ns, 2'000'000'000);
  EXPECT_TRUE(timeline.lanes.empty());
  ASSERT_EQ(timeline.gauges.size(), 2U);
  EXPECT_EQ(timeline.gauges[0].name, "latency");
  EXPECT_EQ(timeline.gauges[0].extents, (std::vector<Extent>{{0, 3, 9, true}, {1, 5, 5, false}}));
  EXPECT_FALSE(timeline.gauges[0].is_constant());
  EXPECT_TRUE(timeline.gauges[1].is_constant());
}

TEST(Timeline, FiguresWithoutEndAreToldNotDrawn) {
  Step watch = traced_step("ks-metrics", {});
  Reading reading{at_s(0), {}};
  for (int i = 0; i < 20; ++i) reading.metrics["figure_" + std::to_string(i)] = i;
  watch.series.readings = {reading};
  const Timeline timeline = make_timeline({&watch}, 10);
  EXPECT_EQ(timeline.gauges.size(), 16U);
  EXPECT_EQ(timeline.problems,
            std::vector<std::string>{"Not drawn are 4 more of the broker's figures."});
}

TEST(Timeline, NoSpanTakesMoreBucketsThanAsked) {
  for (const std::int64_t seconds : {1, 10, 11, 700, 36'000, 36'001, 2'000'000'000}) {
    const Step writer = traced_step(
        "ks-produce", {second_of(0, 1), second_of(static_cast<double>(seconds - 1), 1)});
    const Timeline timeline = make_timeline({&writer}, 10);
    EXPECT_LE(timeline.buckets, 10U) << seconds;
    EXPECT_GE(timeline.end_ns() - timeline.begin_ns, seconds * 1'000'000'000) << seconds;
    EXPECT_LT(timeline.lanes[0].buckets.back().rate.at, timeline.buckets) << seconds;
  }
}

TEST(Timeline, TheAxisHoldsFaultsAndRecoveriesToo) {
  Step judged = traced_step("ks-produce", {second_of(5, 1)});
  judged.disturbances.faults = {{"kill", at_s(2.5), std::nullopt, std::nullopt}};
  judged.disturbances.partitions = {partition_of(0, {recovery_of("kill", 3, 3, 9.5)})};
  const Timeline timeline = make_timeline({&judged}, 100);
  EXPECT_EQ(timeline.begin_ns, at_s(2));
  EXPECT_EQ(timeline.end_ns(), at_s(10));
}

TEST(Timeline, TheLastJudgementOfAFaultAndAPartitionCounts) {
  Step early = traced_step("ks-consume", {});
  early.disturbances.faults = {{"kill", at_s(1), std::nullopt, std::nullopt}};
  early.disturbances.partitions = {partition_of(0, {}), partition_of(1, {})};
  Step late = traced_step("ks-verify", {});
  late.disturbances.faults = {{"kill", at_s(1), at_s(2), at_s(3)},
                              {"kill", at_s(4), at_s(5), at_s(6)}};
  late.disturbances.partitions = {partition_of(0, {recovery_of("kill", 2, 1, 3)})};
  const Timeline timeline = make_timeline({&early, &late}, 100);
  ASSERT_EQ(timeline.faults.size(), 2U);
  EXPECT_EQ(timeline.faults[0].healed_ns, at_s(3));
  ASSERT_EQ(timeline.partitions.size(), 2U);
  EXPECT_EQ(timeline.partitions[0].recoveries.size(), 1U);
}

TEST(Timeline, OfEachFaultTheWorstRecoveryIsOpenOrTheLongest) {
  Timeline timeline;
  timeline.partitions = {
      partition_of(0, {recovery_of("kill", 2, 1, 9), recovery_of("kill", 20, 19, 21)}),
      partition_of(1, {recovery_of("kill", 2, 1, 3, true), recovery_of("kill", 20, 18, 22)}),
      partition_of(0, {recovery_of("kill", 2, 0, 90)}, "consume")};
  const auto worst = worst_recoveries(timeline, "produce");
  ASSERT_EQ(worst.size(), 2U);
  EXPECT_TRUE(worst[0]->is_open);
  EXPECT_EQ(worst[1]->ms(), 4000);
}

TEST(Timeline, WhatCouldNotBeReadIsTold) {
  Step lost = traced_step("ks-produce", {});
  lost.series.problem = "not in the run folder: x";
  lost.disturbances.problem = "1 of its faults cannot be read";
  const Timeline timeline = make_timeline({&lost}, 100);
  EXPECT_FALSE(timeline.has_axis());
  EXPECT_EQ(timeline.problems,
            (std::vector<std::string>{
                "Incomplete is the series of produce: not in the run folder: x",
                "Incomplete are the faults of produce: 1 of its faults cannot be read"}));
}

TEST(TimelineText, ABrokersFigureIsToldWhereItChangesAndInTheSummary) {
  Step watch = traced_step("ks-metrics", {});
  watch.series.readings = {{at_s(0), {{"latency", 1.25}, {"state", 1}}},
                           {at_s(1), {{"latency", 210.4}, {"state", 1}}}};
  const Timeline timeline = make_timeline({&watch}, 100);
  EXPECT_EQ(bucket_text(timeline, 1), "12:00:01\nlatency 210");
  EXPECT_EQ(summary_text(timeline),
            "From 12:00:00 to 12:00:02 UTC, a point each 1 s. latency: 1.25 to 210. state: 1 "
            "throughout.");
}

TEST(TimelineText, ABucketTellsItsFiguresAndWhatWasAtWork) {
  Step writer = traced_step("ks-produce", {second_of(0, 300, 2), second_of(1, 300)});
  writer.disturbances.faults = {{"kill broker-1", at_s(1.5), at_s(1.6), std::nullopt}};
  const Timeline timeline = make_timeline({&writer}, 100);
  EXPECT_EQ(bucket_text(timeline, 0), "12:00:00\nproduce 300/s, 2 errors, p50 1, p95 2, p99 4 ms");
  EXPECT_EQ(bucket_text(timeline, 1),
            "12:00:01\nproduce 300/s, 0 errors, p50 1, p95 2, p99 4 ms\nkill broker-1");
  EXPECT_EQ(bucket_text(timeline, 2), "");
}

TEST(TimelineText, TheSummaryNamesRangesErrorsAndRecoveries) {
  Step writer = traced_step("ks-produce", {second_of(0, 300, 2), second_of(1, 0)});
  writer.disturbances.faults = {{"kill", at_s(0.5), at_s(0.6), at_s(1)},
                                {"kill", at_s(1.5), at_s(1.6), at_s(1.7)}};
  writer.disturbances.partitions = {partition_of(
      0, {recovery_of("kill", 0.6, 0.5, 1.25), recovery_of("kill", 1.6, 1.5, 2.5, true)})};
  EXPECT_EQ(summary_text(make_timeline({&writer}, 100)),
            "From 12:00:00 to 12:00:03 UTC, a point each 1 s. produce: 0 to 300 records a second, "
            "2 errors, worst p99 4 ms. 2 faults. produce recovered within 750 ms. produce did not "
            "recover from 1 fault.");
}

TEST(TimelineText, FaultsAreOpenOrUnconfirmedByName) {
  Timeline timeline;
  timeline.begin_ns = kNoonNs;
  timeline.buckets = 60;
  timeline.bucket_ns = 1'000'000'000;
  EXPECT_EQ(fault_text(timeline, {"kill", at_s(1), at_s(2), at_s(3)}),
            "kill, begun 12:00:01, confirmed 12:00:02, healed 12:00:03");
  EXPECT_EQ(fault_text(timeline, {"kill", at_s(1), at_s(2), std::nullopt}),
            "kill, begun 12:00:01, confirmed 12:00:02, never healed");
  EXPECT_EQ(fault_text(timeline, {"kill", at_s(1), std::nullopt, at_s(3)}),
            "kill, begun 12:00:01, not confirmed, healed 12:00:03");
}

TEST(TimelineText, TimesOfSeveralDaysHaveTheirDay) {
  Timeline timeline;
  timeline.begin_ns = kNoonNs;
  timeline.buckets = 48;
  timeline.bucket_ns = 3'600'000'000'000;
  EXPECT_EQ(clock_text(timeline, at_s(5)), "01-31 12:00:05");
}

}  // namespace
}  // namespace ks::report
