#include "lib/cli/units.h"

#include <gtest/gtest.h>

namespace ks::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(ParseDuration, NumberWithUnit) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("2m"), minutes(2));
  EXPECT_EQ(parse_duration("1h"), hours(1));
  EXPECT_EQ(parse_duration("1m30s"), seconds(90));
  EXPECT_EQ(parse_duration("0s"), seconds(0));
  EXPECT_EQ(parse_duration("10us"), std::chrono::microseconds(10));
}

TEST(ParseDuration, ANumberAloneIsAmbiguous) {
  const auto duration = parse_duration("30");
  ASSERT_FALSE(duration);
  EXPECT_NE(duration.error().message().find("not a duration '30'"), std::string::npos);
}

TEST(ParseDuration, RefusesWhatIsNoDuration) {
  for (const char* text :
       {"", "s", "-1s", "+1s", "1 s", "1s ", "1x", "1e3s", "nan s", "infs", "10000000000000000h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(ParseCount, WholeNumbersOnly) {
  EXPECT_EQ(parse_count("0"), 0U);
  EXPECT_EQ(parse_count("18446744073709551615"), 18446744073709551615U);
  for (const char* text :
       {"", "-1", "+1", "1.0", "1k", " 1", "1 ", "0x10", "18446744073709551616"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

TEST(ParsePartition, FitsKafkasInt32) {
  EXPECT_EQ(parse_partition("0"), 0);
  EXPECT_EQ(parse_partition("2147483647"), 2147483647);
  for (const char* text : {"", "-1", "x", "2147483648", "4294967295", "4294967296"}) {
    EXPECT_FALSE(parse_partition(text)) << text;
  }
}

TEST(ParseSize, BinaryAndDecimalUnits) {
  EXPECT_EQ(parse_size("512"), 512U);
  EXPECT_EQ(parse_size("4k"), 4096U);
  EXPECT_EQ(parse_size("4KiB"), 4096U);
  EXPECT_EQ(parse_size("4kB"), 4000U);
  EXPECT_EQ(parse_size("4KB"), 4000U);
  EXPECT_EQ(parse_size("1.5M"), 1572864U);
  EXPECT_EQ(parse_size("2GiB"), 2147483648U);
  for (const char* text : {"", "k", "-1", "4 k", "4kb", "4X", "99999999999999999999G"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(ParseRate, ASecondByDefault) {
  EXPECT_DOUBLE_EQ(*parse_rate("50"), 50);
  EXPECT_DOUBLE_EQ(*parse_rate("50/s"), 50);
  EXPECT_DOUBLE_EQ(*parse_rate("600/m"), 10);
  for (const char* text : {"", "/s", "50/", "50/d", "-5/s"}) EXPECT_FALSE(parse_rate(text)) << text;
}

TEST(ParseNumber, WholeTextAndFinite) {
  EXPECT_DOUBLE_EQ(*parse_number("-1.5e3"), -1500);
  for (const char* text : {"", "1x", "nan", "inf", " 1"}) EXPECT_FALSE(parse_number(text)) << text;
}

TEST(FormatDuration, ForPeople) {
  EXPECT_EQ(format_duration(milliseconds(250)), "250 ms");
  EXPECT_EQ(format_duration(milliseconds(1500)), "1.5 s");
  EXPECT_EQ(format_duration(seconds(125)), "2 m 5 s");
}

}  // namespace
}  // namespace ks::cli
