#include "lib/admin/group_metrics.h"

#include <gtest/gtest.h>

namespace ks::admin {
namespace {

client::GroupMember member(const std::vector<std::int32_t>& partitions) {
  client::GroupMember out;
  for (const std::int32_t partition : partitions) out.assignment.push_back({"orders", partition});
  return out;
}

client::GroupDescription group(std::vector<client::GroupMember> members) {
  client::GroupDescription out;
  out.state = "Stable";
  out.members = std::move(members);
  return out;
}

TEST(GroupMetrics, EachPartitionOfASharedTopicIsHeldOnce) {
  const auto metrics = group_metrics({group({member({0, 1}), member({2, 3})})});
  EXPECT_EQ(metrics.at("members"), 2);
  EXPECT_EQ(metrics.at("partitions_assigned"), 4);
  EXPECT_EQ(metrics.at("partitions_assigned_distinct"), 4);
}

TEST(GroupMetrics, OneAssignmentRelayedToBothMembersIsSeen) {
  const auto metrics = group_metrics({group({member({0, 1}), member({0, 1})})});
  EXPECT_EQ(metrics.at("partitions_assigned"), 4);
  EXPECT_EQ(metrics.at("partitions_assigned_distinct"), 2);
}

TEST(GroupMetrics, TwoGroupsMayHoldTheSamePartition) {
  const auto metrics = group_metrics({group({member({0})}), group({member({0}), member({})})});
  EXPECT_EQ(metrics.at("partitions_assigned_distinct"), 2);
  EXPECT_EQ(metrics.at("members_without_assignment"), 1);
}

TEST(GroupMetrics, AGroupThatIsGoneIsNone) {
  client::GroupDescription gone;
  gone.state = "Dead";
  const auto metrics = group_metrics({gone});
  EXPECT_EQ(metrics.at("groups"), 0);
  EXPECT_EQ(metrics.at("partitions_assigned_distinct"), 0);
}

}  // namespace
}  // namespace ks::admin
