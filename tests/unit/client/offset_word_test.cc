#include "lib/client/offset_word.h"

#include <gtest/gtest.h>

namespace ks::client {
namespace {

TEST(CheckInLog, FromTheBeginningToTheEndItself) {
  const TopicPartition at{"orders", 3};
  for (const std::int64_t offset : {10, 15, 20}) EXPECT_TRUE(check_in_log(at, offset, 10, 20));
  for (const std::int64_t offset : {0, 9, 21}) EXPECT_FALSE(check_in_log(at, offset, 10, 20));
  EXPECT_EQ(check_in_log(at, 21, 10, 20).error().message(),
            "offset 21 is not in the log: orders[3]; it reaches from 10 to 20");
}

}  // namespace
}  // namespace ks::client
