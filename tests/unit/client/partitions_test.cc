#include "lib/client/partitions.h"

#include <gtest/gtest.h>

namespace ks::client {
namespace {

ClusterInfo two_topics() {
  ClusterInfo cluster;
  cluster.topics = {{"orders", {{2, 1, {}, {}}, {0, 1, {}, {}}, {1, 1, {}, {}}}}, {"bills", {}}};
  return cluster;
}

TEST(FindPartitions, AllAscendingUnlessSomeAreWanted) {
  const auto all = find_partitions(two_topics(), "orders", {});
  ASSERT_TRUE(all);
  EXPECT_EQ(*all, (std::vector<TopicPartition>{{"orders", 0}, {"orders", 1}, {"orders", 2}}));
  EXPECT_EQ(*find_partitions(two_topics(), "orders", {2}),
            (std::vector<TopicPartition>{{"orders", 2}}));
}

TEST(FindPartitions, WhatIsNotThereIsNamed) {
  EXPECT_NE(find_partitions(two_topics(), "order", {}).error().message().find("topic: order;"),
            std::string::npos);
  EXPECT_EQ(find_partitions(two_topics(), "orders", {1, 3}).error().message(),
            "unknown partition: orders[3]; the topic has 3");
}

}  // namespace
}  // namespace ks::client
