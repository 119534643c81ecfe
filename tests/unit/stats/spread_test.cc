#include "lib/stats/spread.h"

#include <gtest/gtest.h>

#include <random>

namespace ks::stats {
namespace {

TEST(Spread, OfNothingIsNothing) {
  EXPECT_EQ(spread_of({}).count, 0U);
  EXPECT_EQ(spread_of({}).median, 0);
  EXPECT_EQ(spread_of({}).deviation, 0);
}

TEST(Spread, OfOneValueIsThatValue) {
  EXPECT_EQ(spread_of({7}).median, 7);
  EXPECT_EQ(spread_of({7}).deviation, 0);
}

// The example of many textbooks: the deviations of 1 1 2 2 4 6 9 are 1 1 0 0 2 4 7, in the
// middle 1.
TEST(Spread, HasKnownAnswers) {
  const Spread odd = spread_of({9, 1, 2, 6, 1, 4, 2});
  EXPECT_EQ(odd.count, 7U);
  EXPECT_EQ(odd.median, 2);
  EXPECT_DOUBLE_EQ(odd.deviation, 1.4826);
  const Spread even = spread_of({4, 1, 3, 2});
  EXPECT_EQ(even.median, 2.5);
  EXPECT_DOUBLE_EQ(even.deviation, 1.4826);
}

TEST(Spread, OneWildValueChangesLittle) {
  const Spread spread = spread_of({10, 11, 12, 13, 1e9});
  EXPECT_EQ(spread.median, 12);
  EXPECT_DOUBLE_EQ(spread.deviation, 1.4826);
}

TEST(Spread, OfNormalValuesIsTheirStandardDeviation) {
  std::mt19937 random(7);  // NOLINT: the same numbers each time
  std::normal_distribution<double> normal(100, 5);
  std::vector<double> values(10'001);
  for (double& value : values) value = normal(random);
  EXPECT_NEAR(spread_of(values).median, 100, 0.3);
  EXPECT_NEAR(spread_of(values).deviation, 5, 0.3);
}

TEST(Variation, OfASample) {
  const Variation variation = variation_of({2, 4, 6});
  EXPECT_DOUBLE_EQ(variation.mean, 4);
  EXPECT_DOUBLE_EQ(variation.variance, 4);
  EXPECT_DOUBLE_EQ(variation.coefficient, 0.5);
}

TEST(Variation, OfOneOrNoneThereIsNone) {
  EXPECT_EQ(variation_of({5}).variance, 0);
  EXPECT_EQ(variation_of({}).mean, 0);
  EXPECT_EQ(variation_of({0, 0}).coefficient, 0);
}

}  // namespace
}  // namespace ks::stats
