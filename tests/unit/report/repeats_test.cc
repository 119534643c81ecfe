#include "lib/report/repeats.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ks::report {
namespace {

Repeated of(const std::string& metric, const std::vector<double>& values) {
  std::vector<Metrics> runs;
  for (const double value : values) runs.push_back({{metric, value}});
  return repeated_figures(runs).at(0);
}

TEST(RepeatsTest, MedianVarianceAndCoefficient) {
  const Repeated figure = of("acked_per_s", {900, 1100, 1000});
  EXPECT_EQ(figure.median, 1000);
  EXPECT_EQ(figure.least, 900);
  EXPECT_EQ(figure.most, 1100);
  EXPECT_DOUBLE_EQ(figure.variance, 10'000);  // of a sample: 20,000 / 2
  EXPECT_DOUBLE_EQ(figure.cv, 0.1);
  EXPECT_TRUE(figure.outliers.empty());
}

TEST(RepeatsTest, ARunThatTwoOthersContradictIsNamed) {
  EXPECT_EQ(of("acked_per_s", {1000, 600, 1001}).outliers, std::vector<std::size_t>{2});
  EXPECT_EQ(of("latency_ms_p95", {10, 11, 300}).outliers, std::vector<std::size_t>{3});
}

TEST(RepeatsTest, WhatDiffersByLittleIsNoOutlierHoweverCloseTheOthersAre) {
  EXPECT_TRUE(of("acked_per_s", {1000, 1000, 1001}).outliers.empty());
  EXPECT_TRUE(of("latency_ms_p95", {2, 2, 6}).outliers.empty());  // 4 ms are a hiccup's
  EXPECT_TRUE(of("acked_per_s", {500, 800, 1100}).outliers.empty());
}

TEST(RepeatsTest, OfTwoRunsNobodyKnowsWhichIsApart) {
  EXPECT_TRUE(of("acked_per_s", {1000, 10}).outliers.empty());
}

TEST(RepeatsTest, OnlyWhatEveryRunHasIsAFigure) {
  const auto figures = repeated_figures({{{"a", 1}, {"b", 1}, {"kafka_x", 1}}, {{"a", 3}}});
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].metric, "a");
  EXPECT_TRUE(repeated_figures({}).empty());
}

TEST(RepeatsTest, AFigureOfZerosVariesNot) {
  const Repeated figure = of("errors", {0, 0, 0});
  EXPECT_EQ(figure.cv, 0);
  EXPECT_EQ(figure.variance, 0);
}

TEST(RepeatsTest, MetricsAndJson) {
  const Repeated figure = of("latency_ms_p95", {10, 11, 300});
  Metrics metrics;
  add_repeated({figure}, metrics);
  EXPECT_EQ(metrics.at("latency_ms_p95_median"), 11);
  EXPECT_EQ(metrics.at("latency_ms_p95_max"), 300);
  EXPECT_EQ(metrics.at("latency_ms_p95_min"), 10);
  const auto again = repeated_from_json(to_json(figure));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outliers, figure.outliers);
  EXPECT_EQ(again->values, figure.values);
  EXPECT_FALSE(repeated_from_json({{"metric", "x"}}));
  EXPECT_EQ(parse_repeats({{"repeats", {to_json(figure), 7}}}).size(), 1u);
  EXPECT_TRUE(parse_repeats(nullptr).empty());
}

}  // namespace
}  // namespace ks::report
