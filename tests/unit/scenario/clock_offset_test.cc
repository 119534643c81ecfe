#include "lib/scenario/clock_offset.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"

namespace ks::scenario {
namespace {

constexpr std::int64_t kMs = 1'000'000;

// A clock that is 5 s ahead, behind a way that takes `there` and `back`.
ClockSample ask(std::int64_t at, std::int64_t there, std::int64_t back) {
  return {at, at + there + 5000 * kMs, at + there + back};
}

TEST(ClockOffset, IsThatOfTheFastestExchange) {
  const ClockSample samples[] = {ask(0, 90 * kMs, 10 * kMs), ask(200 * kMs, kMs, kMs),
                                 ask(300 * kMs, 2 * kMs, 40 * kMs)};
  const auto offset = estimate_offset(samples);
  ASSERT_TRUE(offset);
  EXPECT_EQ(offset->offset_ns, 5000 * kMs);
  EXPECT_EQ(offset->error_ns, kMs + 1);
  EXPECT_EQ(offset->samples, 3u);
}

TEST(ClockOffset, TheTruthLiesWithinItsErrorHoweverLopsidedTheWay) {
  for (const auto& [there, back] :
       {std::pair{0 * kMs, 80 * kMs}, {80 * kMs, 0 * kMs}, {13 * kMs, 4 * kMs}}) {
    const ClockSample samples[] = {ask(7 * kMs, there, back)};
    const auto offset = estimate_offset(samples);
    ASSERT_TRUE(offset);
    EXPECT_LE(std::abs(offset->offset_ns - 5000 * kMs), offset->error_ns);
  }
}

TEST(ClockOffset, NothingIsKnownWithoutAnAnswerThatCameAfterItsQuestion) {
  EXPECT_FALSE(estimate_offset({}));
  const ClockSample samples[] = {{10 * kMs, 0, 9 * kMs}};  // our own clock was set meanwhile
  EXPECT_FALSE(estimate_offset(samples));
}

TEST(ClockOffset, TwoClocksAreApartByAsMuchAsTheirErrorsAllow) {
  const ClockOffset ahead{20 * kMs, 3 * kMs, 1};
  const ClockOffset ours{};
  const ClockOffset behind{-5 * kMs, kMs, 1};
  EXPECT_EQ(spread_ns(std::array{ahead, ours, behind}), 29 * kMs);
  EXPECT_EQ(spread_ns(std::array{ours, ours}), 0);
  EXPECT_EQ(spread_ns({}), 0);
}

TEST(ClockOffset, IsReadAsItWasWritten) {
  const ClockOffset offset{-1'234'567, 89, 20};
  const test::OwnFolder folder;
  const auto file = folder.path / "offset.json";
  ASSERT_TRUE(cli::write_file(file, to_json(offset).dump()));
  const auto read = read_clock_offset(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, offset);
  EXPECT_EQ(text_of(offset), "-1.23 ms ± 0.00 ms");
  ASSERT_TRUE(cli::write_file(file, "{}"));
  EXPECT_FALSE(read_clock_offset(file));
}

}  // namespace
}  // namespace ks::scenario
