#include "lib/admin/offset_words.h"

#include <gtest/gtest.h>

namespace ks::admin {
namespace {

using Kind = OffsetWord::Kind;

TEST(ParseOffset, AsKcatWritesIt) {
  EXPECT_EQ(parse_offset("beginning")->kind, Kind::kEarliest);
  EXPECT_EQ(parse_offset("end")->kind, Kind::kLatest);
  EXPECT_EQ(parse_offset("s@1700000000000")->kind, Kind::kTimestamp);
  EXPECT_EQ(parse_offset("s@1700000000000")->value, 1700000000000);
  EXPECT_EQ(parse_offset("0")->kind, Kind::kNumber);
  EXPECT_EQ(parse_offset("9223372036854775807")->value, 9223372036854775807);
}

TEST(ParseOffset, RefusesOtherWords) {
  for (const char* text : {"", "earliest", "stored", "-1", "s@", "s@-1", "s@now", "e@5", "1x",
                           "9223372036854775808"}) {
    const auto word = parse_offset(text);
    ASSERT_FALSE(word) << text;
    EXPECT_NE(word.error().message().find("'" + std::string(text) + "'"), std::string::npos);
  }
}

TEST(ParsePosition, TopicPartitionAndOffset) {
  const auto position = parse_position("orders[3]=42");
  ASSERT_TRUE(position);
  EXPECT_EQ(position->at.text(), "orders[3]");
  EXPECT_EQ(position->offset, 42);
}

TEST(ParsePosition, RefusesOtherWords) {
  for (const char* text :
       {"", "orders", "orders=1", "[0]=1", "orders[]=1", "orders[0]", "orders[0]=", "orders[-1]=1",
        "orders[0]=-1", "orders[0]=x", "orders[0]=1x", "orders]=0[1", "orders[2147483648]=1"}) {
    EXPECT_FALSE(parse_position(text)) << text;
  }
}

}  // namespace
}  // namespace ks::admin
