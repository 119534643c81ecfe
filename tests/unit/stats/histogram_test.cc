#include "lib/stats/histogram.h"

#include <gtest/gtest.h>

#include <random>

namespace ks::stats {
namespace {

TEST(Histogram, SmallValuesAreExact) {
  Histogram h;
  for (int i = 1; i <= 100; ++i) h.record(i);
  EXPECT_EQ(h.count(), 100u);
  EXPECT_EQ(h.quantile(0.5), 50);
  EXPECT_EQ(h.quantile(0.99), 99);
  EXPECT_EQ(h.quantile(1), 100);
  EXPECT_DOUBLE_EQ(h.mean(), 50.5);
}

TEST(Histogram, LargeValuesAreWithinOnePartIn128) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto value = static_cast<std::int64_t>(random() >> (1 + random() % 60));
    Histogram h;
    h.record(value);
    h.record(INT64_MAX);  // so that max() does not hide the bucket
    const std::int64_t seen = h.quantile(0.5);
    EXPECT_GE(seen, value);
    EXPECT_LE(static_cast<double>(seen - value), static_cast<double>(value) / 128);
  }
}

TEST(Histogram, MergingEqualsRecordingEverythingInOne) {
  std::mt19937_64 random(3);
  Histogram whole;
  Histogram parts[3];
  for (int i = 0; i < 3000; ++i) {
    const auto value = static_cast<std::int64_t>(random() % 1'000'000'000);
    whole.record(value);
    parts[i % 3].record(value);
  }
  parts[0].merge(parts[1]);
  parts[0].merge(parts[2]);
  EXPECT_EQ(parts[0].count(), whole.count());
  EXPECT_EQ(parts[0].max(), whole.max());
  for (const double q : {0.0, 0.01, 0.5, 0.95, 0.999, 1.0}) {
    EXPECT_EQ(parts[0].quantile(q), whole.quantile(q));
  }
}

TEST(Histogram, ComesBackWholeFromAFile) {
  Histogram before;
  for (const std::int64_t value : {0, 5, 5, 127, 128, 1'000'000'007}) before.record(value);
  const auto after = Histogram::from_json(before.to_json());
  ASSERT_TRUE(after);
  EXPECT_EQ(after->count(), before.count());
  EXPECT_EQ(after->max(), before.max());
  EXPECT_EQ(after->mean(), before.mean());
  for (const double q : {0.0, 0.5, 0.9, 1.0}) EXPECT_EQ(after->quantile(q), before.quantile(q));
}

TEST(Histogram, WhatIsNoHistogramIsRefused) {
  using Json = nlohmann::ordered_json;
  for (const char* text :
       {"{}", "[]", "null", R"({"sum": 1, "max": 1, "buckets": [[99999999, 1]]})",
        R"({"sum": 1, "max": 1, "buckets": [[-1, 1]]})",
        R"({"sum": 1, "max": 1, "buckets": [1]})"}) {
    EXPECT_FALSE(Histogram::from_json(Json::parse(text))) << text;
  }
}

TEST(Histogram, AnEmptyOneHasNothingToTell) {
  const Histogram h;
  EXPECT_EQ(h.count(), 0u);
  EXPECT_EQ(h.quantile(0.99), 0);
  EXPECT_EQ(h.mean(), 0);
}

}  // namespace
}  // namespace ks::stats
