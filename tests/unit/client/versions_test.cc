#include "lib/client/versions.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ks::client {
namespace {

using wire::ApiKey;

constexpr int kRelease_2_0_2 = 0x020002ff;
constexpr int kRelease_2_11_1 = 0x020b01ff;
constexpr int kRelease_2_16_0 = 0x021000ff;

void offer(wire::ApiVersions& broker, ApiKey api, std::int16_t min, std::int16_t max) {
  broker.set(static_cast<std::int16_t>(api), {min, max});
}

// What KafScale 1.6.0 advertises, as far as this toolkit names the APIs.
wire::ApiVersions kafscale() {
  wire::ApiVersions broker;
  offer(broker, ApiKey::kProduce, 0, 9);
  offer(broker, ApiKey::kFetch, 11, 13);
  offer(broker, ApiKey::kListOffsets, 0, 4);
  offer(broker, ApiKey::kMetadata, 0, 12);
  offer(broker, ApiKey::kOffsetCommit, 3, 3);
  offer(broker, ApiKey::kOffsetFetch, 5, 5);
  offer(broker, ApiKey::kFindCoordinator, 3, 3);
  for (const ApiKey api :
       {ApiKey::kJoinGroup, ApiKey::kHeartbeat, ApiKey::kLeaveGroup, ApiKey::kSyncGroup}) {
    offer(broker, api, 4, 4);
  }
  offer(broker, ApiKey::kDescribeGroups, 5, 5);
  offer(broker, ApiKey::kListGroups, 0, 5);
  offer(broker, ApiKey::kOffsetForLeaderEpoch, 3, 3);
  offer(broker, ApiKey::kApiVersions, 0, 4);
  offer(broker, ApiKey::kCreateTopics, 0, 2);
  offer(broker, ApiKey::kDeleteTopics, 0, 2);
  offer(broker, ApiKey::kInitProducerId, -1, -1);
  offer(broker, ApiKey::kDescribeConfigs, 4, 4);
  offer(broker, ApiKey::kAlterConfigs, 1, 1);
  offer(broker, ApiKey::kCreatePartitions, 0, 3);
  offer(broker, ApiKey::kDeleteGroups, 0, 2);
  return broker;
}

// Why librdkafka `version` cannot do `operation` on KafScale; empty where it can.
std::string obstacle(Operation operation, int version) {
  const std::array operations{operation};
  const auto mismatch = find_mismatch(kafscale(), operations, librdkafka_release(version));
  return mismatch ? mismatch->error.message() : "";
}

void expect_named(const std::string& message, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    EXPECT_NE(message.find(part), std::string::npos)
        << "'" << message << "' lacks '" << part << "'";
  }
}

TEST(FindMismatch, GroupsAreImpossibleOnKafScaleAndTheReasonHasBothRanges) {
  for (const Operation operation : {Operation::kGroupMembership, Operation::kGroupOffsets,
                                    Operation::kDescribeGroups, Operation::kDeleteGroups}) {
    for (const int version : {kRelease_2_0_2, kRelease_2_16_0}) {
      expect_named(obstacle(operation, version), {"FindCoordinator", "the client speaks 0-2",
                                                  "the broker serves 3", "--client wire"});
    }
  }
}

TEST(FindMismatch, DescribeConfigsIsTooNewForLibrdkafka) {
  expect_named(obstacle(Operation::kDescribeConfigs, kRelease_2_0_2),
               {"librdkafka 2.0.2", "DescribeConfigs", "0-1", "serves 4"});
}

TEST(FindMismatch, MessageFormat2NeedsFetch4BeforeRelease2_11_1) {
  for (const Operation operation : {Operation::kProduce, Operation::kFetch}) {
    expect_named(obstacle(operation, kRelease_2_0_2),
                 {"Fetch", "4 for message format v2", "serves 11-13"});
    EXPECT_EQ(obstacle(operation, kRelease_2_11_1), "");
  }
}

TEST(FindMismatch, AlterConfigsCameWithItsSecondVersion) {
  expect_named(obstacle(Operation::kAlterConfigs, kRelease_2_0_2),
               {"AlterConfigs", "the client speaks 0,", "serves 1"});
  EXPECT_EQ(obstacle(Operation::kAlterConfigs, kRelease_2_16_0), "");
}

TEST(FindMismatch, WhatKafScaleServesToEveryReleasePasses) {
  for (const Operation operation :
       {Operation::kMetadata, Operation::kListOffsets, Operation::kCreateTopics,
        Operation::kDeleteTopics, Operation::kCreatePartitions, Operation::kListGroups}) {
    EXPECT_EQ(obstacle(operation, kRelease_2_0_2), "");
  }
}

TEST(FindMismatch, AnApiThatIsNotServedIsNamed) {
  wire::ApiVersions broker = kafscale();
  offer(broker, ApiKey::kCreateTopics, -1, -1);
  const std::array operations{Operation::kMetadata, Operation::kCreateTopics};
  const auto mismatch = find_mismatch(broker, operations, librdkafka_release(kRelease_2_0_2));
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->finding, wire::FindingId::kVersionMismatch);
  expect_named(mismatch->error.message(), {"CreateTopics", "the broker serves none"});
}

TEST(FindMismatch, NothingToDoPasses) {
  EXPECT_FALSE(find_mismatch(wire::ApiVersions(), {}, librdkafka_release(kRelease_2_0_2)));
}

TEST(FindMismatch, HasTheFindingsName) {
  const auto finding = [](Operation operation) {
    const std::array operations{operation};
    return find_mismatch(kafscale(), operations, librdkafka_release(kRelease_2_0_2))->finding;
  };
  EXPECT_EQ(finding(Operation::kGroupMembership), wire::FindingId::kGroupApisUnreachable);
  EXPECT_EQ(finding(Operation::kProduce), wire::FindingId::kMessageFormatDowngraded);
  EXPECT_EQ(finding(Operation::kDescribeConfigs), wire::FindingId::kVersionMismatch);
}

TEST(FindMismatch, TheWireClientCanDoEverythingOnKafScale) {
  for (int i = 0; i <= static_cast<int>(Operation::kDeleteGroups); ++i) {
    const std::array operations{static_cast<Operation>(i)};
    const auto mismatch = find_mismatch(kafscale(), operations, wire_release());
    EXPECT_FALSE(mismatch) << mismatch->error.message();
  }
}

TEST(LibrdkafkaRelease, GrowsWithTheRelease) {
  EXPECT_EQ(librdkafka_release(kRelease_2_0_2).range(ApiKey::kProduce).text(), "0-7");
  EXPECT_EQ(librdkafka_release(kRelease_2_16_0).range(ApiKey::kProduce).text(), "0-10");
}

}  // namespace
}  // namespace ks::client
