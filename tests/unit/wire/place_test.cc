#include "lib/wire/place.h"

#include <gtest/gtest.h>

namespace ks::wire {
namespace {

using Words = std::vector<std::string>;

TEST(IsElsewhere, TheSameWordsAreTheSamePlace) {
  EXPECT_FALSE(is_elsewhere("nowhere.invalid:9092", Words{"nowhere.invalid:9092"}));
}

TEST(IsElsewhere, TwoNamesOfOneAddressAreTheSamePlace) {
  EXPECT_FALSE(is_elsewhere("localhost:9092", Words{"127.0.0.1:9092"}));
  EXPECT_FALSE(is_elsewhere("127.0.0.1:9092", Words{"10.0.0.1:9092", "localhost:9092"}));
}

TEST(IsElsewhere, AnotherPortOrHostIsAnotherPlace) {
  EXPECT_TRUE(is_elsewhere("127.0.0.1:9093", Words{"127.0.0.1:9092"}));
  EXPECT_TRUE(is_elsewhere("127.0.0.2:9092", Words{"127.0.0.1:9092"}));
  EXPECT_TRUE(is_elsewhere("nowhere.invalid:9092", Words{"127.0.0.1:9092"}));
}

}  // namespace
}  // namespace ks::wire
