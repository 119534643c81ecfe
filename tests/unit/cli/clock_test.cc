#include "lib/cli/clock.h"

#include <gtest/gtest.h>

#include <string>

namespace ks::cli {
namespace {

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const std::int64_t time_ns : {0L, 1'769'860'800'007'000'000L, 9'000'000'000'999'000'000L}) {
    const std::string text = format_rfc3339(time_ns);
    const auto read = parse_rfc3339(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, time_ns) << text;
  }
}

// scanf took a sign or a space for a part of the number, and half a second for five milliseconds.
TEST(Rfc3339, MillisecondsAreThreeDigits) {
  ASSERT_TRUE(parse_rfc3339("2026-01-31T12:00:00.500Z"));
  for (const char* fraction :
       {"", "Z", ".5Z", ".-5Z", ". 05Z", ".0005Z", ".00xZ", ".500", ".500Z "}) {
    EXPECT_FALSE(parse_rfc3339("2026-01-31T12:00:00" + std::string(fraction))) << fraction;
  }
}

}  // namespace
}  // namespace ks::cli
