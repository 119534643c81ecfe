#include "lib/client/partitioner.h"

#include <gtest/gtest.h>

#include <limits>

namespace ks::client {
namespace {

// The hashes of Kafka's own UtilsTest, without their sign bit.
TEST(PartitionOfKey, IsTheJavaClients) {
  constexpr std::int32_t kMany = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(partition_of_key("21", kMany), -973932308 & kMany);
  EXPECT_EQ(partition_of_key("foobar", kMany), -790332482 & kMany);
  EXPECT_EQ(partition_of_key("a-little-bit-long-string", kMany), -985981536 & kMany);
  EXPECT_EQ(partition_of_key("a-little-bit-longer-string", kMany), -1486304829 & kMany);
  EXPECT_EQ(partition_of_key("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", kMany),
            -58897971 & kMany);
  EXPECT_EQ(partition_of_key("abc", kMany), 479470107);
}

TEST(PartitionOfKey, LiesWithinThePartitions) {
  for (int i = 0; i < 1000; ++i) {
    const std::int32_t partition = partition_of_key("key-" + std::to_string(i), 7);
    EXPECT_GE(partition, 0);
    EXPECT_LT(partition, 7);
  }
}

}  // namespace
}  // namespace ks::client
