#include "lib/admin/pairs.h"

#include <gtest/gtest.h>

#include <vector>

#include "lib/cli/redact.h"

namespace ks::admin {
namespace {

using Words = std::vector<std::string>;

TEST(ParsePairs, ValuesMayBeEmptyAndHaveEqualsSigns) {
  const auto pairs = parse_pairs(Words{"a=1", "b=", "c=x=y"}, "--config");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(*pairs, (std::map<std::string, std::string>{{"a", "1"}, {"b", ""}, {"c", "x=y"}}));
}

TEST(ParsePairs, NothingGivesNothing) { EXPECT_TRUE(parse_pairs({}, "--config")->empty()); }

TEST(ParsePairs, RefusesWordsWithoutNameOrSign) {
  for (const char* word : {"", "a", "=1"}) {
    const auto pairs = parse_pairs(Words{word}, "--config");
    ASSERT_FALSE(pairs) << word;
    EXPECT_EQ(pairs.error().where, "--config");
  }
}

TEST(ParsePairs, RefusesANameGivenTwice) {
  const auto pairs = parse_pairs(Words{"a=1", "a=2"}, "--config");
  ASSERT_FALSE(pairs);
  EXPECT_NE(pairs.error().message().find("'a'"), std::string::npos);
}

TEST(ParsePairs, RefusalsQuoteNoValue) {
  const auto pairs = parse_pairs(Words{"sasl.password:hunter2"}, "--config");
  ASSERT_FALSE(pairs);
  EXPECT_EQ(pairs.error().message().find("hunter2"), std::string::npos);
}

TEST(ParsePairs, HidesSecretsFromThenOn) {
  ASSERT_TRUE(parse_pairs(Words{"ssl.keystore.password=open-sesame-9"}, "--config"));
  EXPECT_EQ(cli::redact("set to open-sesame-9"), "set to ***");
}

}  // namespace
}  // namespace ks::admin
