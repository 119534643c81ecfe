#include "lib/cli/list.h"

#include <gtest/gtest.h>

namespace ks::cli {
namespace {

using Items = std::vector<std::string>;

TEST(List, HasOneItemMoreThanCommas) {
  EXPECT_EQ(split_list("a,bc,d"), (Items{"a", "bc", "d"}));
  EXPECT_EQ(split_list("a"), (Items{"a"}));
  EXPECT_EQ(split_list(",a,,"), (Items{"", "a", "", ""}));
  EXPECT_EQ(split_list(""), (Items{""}));
}

}  // namespace
}  // namespace ks::cli
