#include "lib/client/assignor.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace ks::client {
namespace {

std::string text(const Assignment& assignment) {
  std::string out;
  for (const auto& [member, partitions] : assignment) {
    out += (out.empty() ? "" : " ") + member + ":";
    for (const TopicPartition& at : partitions) out += " " + at.text();
  }
  return out;
}

TEST(AssignPartitions, RangeGivesRunsOfEachTopic) {
  const auto assignment =
      assign_partitions("range", {{"c1", {"a", "b"}}, {"c0", {"a", "b"}}}, {{"a", 3}, {"b", 3}});
  ASSERT_TRUE(assignment);
  EXPECT_EQ(text(*assignment), "c0: a[0] a[1] b[0] b[1] c1: a[2] b[2]");
}

TEST(AssignPartitions, RoundRobinGivesAllPartitionsInTurn) {
  const auto assignment = assign_partitions("roundrobin", {{"c1", {"a", "b"}}, {"c0", {"a", "b"}}},
                                            {{"a", 3}, {"b", 3}});
  ASSERT_TRUE(assignment);
  EXPECT_EQ(text(*assignment), "c0: a[0] a[2] b[1] c1: a[1] b[0] b[2]");
}

TEST(AssignPartitions, RoundRobinSkipsMembersWithoutTheTopic) {
  const auto assignment =
      assign_partitions("roundrobin", {{"c0", {"a"}}, {"c1", {"a", "b"}}, {"c2", {"a", "b", "c"}}},
                        {{"a", 1}, {"b", 2}, {"c", 3}});
  ASSERT_TRUE(assignment);
  EXPECT_EQ(text(*assignment), "c0: a[0] c1: b[0] c2: b[1] c[0] c[1] c[2]");
}

TEST(AssignPartitions, AMemberTooManyGetsNothing) {
  for (const char* assignor : {"range", "roundrobin"}) {
    const auto assignment =
        assign_partitions(assignor, {{"c0", {"a"}}, {"c1", {"a"}}, {"c2", {"gone"}}}, {{"a", 1}});
    ASSERT_TRUE(assignment);
    EXPECT_EQ(text(*assignment), "c0: a[0] c1: c2:") << assignor;
  }
}

TEST(AssignPartitions, EveryWantedPartitionHasExactlyOneOwner) {
  std::mt19937 random(7);
  const std::vector<std::string> topics{"a", "b", "c", "d"};
  for (int round = 0; round < 200; ++round) {
    PartitionCounts counts;
    for (const std::string& topic : topics) counts[topic] = static_cast<std::int32_t>(random() % 5);
    std::vector<Subscription> members;
    for (std::size_t m = 0; m < 1 + random() % 5; ++m) {
      members.push_back({"m" + std::to_string(m), {}});
      for (const std::string& topic : topics) {
        if (random() % 2 == 0) members.back().topics.push_back(topic);
      }
    }
    std::set<TopicPartition> wanted;
    for (const Subscription& member : members) {
      for (const std::string& topic : member.topics) {
        for (std::int32_t p = 0; p < counts[topic]; ++p) wanted.insert({topic, p});
      }
    }
    for (const char* assignor : {"range", "roundrobin"}) {
      const auto assignment = assign_partitions(assignor, members, counts);
      ASSERT_TRUE(assignment);
      std::multiset<TopicPartition> owned;
      for (const auto& [member, partitions] : *assignment) {
        owned.insert(partitions.begin(), partitions.end());
      }
      EXPECT_EQ(owned.size(), wanted.size()) << assignor << " round " << round;
      EXPECT_EQ(std::set<TopicPartition>(owned.begin(), owned.end()), wanted);
    }
  }
}

TEST(AssignPartitions, UnknownAssignorIsNamed) {
  const auto assignment = assign_partitions("sticky", {}, {});
  ASSERT_FALSE(assignment);
  EXPECT_NE(assignment.error().message().find("'sticky'"), std::string::npos);
}

}  // namespace
}  // namespace ks::client
