#include "lib/stats/pacing.h"

#include <gtest/gtest.h>

namespace ks::stats {
namespace {

TEST(Pacing, SpreadsAttemptsEvenlyFromTheStart) {
  const Pacing pacing(1000, 50);
  EXPECT_EQ(pacing.intended_ns(0), 1000);
  EXPECT_EQ(pacing.intended_ns(1), 1000 + 20'000'000);
  EXPECT_EQ(pacing.intended_ns(50), 1000 + 1'000'000'000);
}

TEST(Pacing, DoesNotDriftOverDays) {
  const Pacing pacing(0, 3);
  const std::uint64_t a_month = 3ULL * 86'400 * 30;
  EXPECT_EQ(pacing.intended_ns(a_month), 86'400LL * 30 * 1'000'000'000);
}

TEST(Pacing, TakesRatesBelowOneASecond) { EXPECT_EQ(Pacing(0, 0.5).intended_ns(1), 2'000'000'000); }

TEST(Pacing, WithoutARateEverythingIsDueAtOnce) {
  const Pacing pacing(5, 0);
  EXPECT_FALSE(pacing.paced());
  EXPECT_EQ(pacing.intended_ns(1'000'000), 5);
}

}  // namespace
}  // namespace ks::stats
