#include "lib/wire/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace ks::wire {
namespace {

TEST(WireSchema, ApisHaveTheNamesOfTheProtocolGuide) {
  EXPECT_EQ(api_name(0), "Produce");
  EXPECT_EQ(api_name(18), "ApiVersions");
  EXPECT_EQ(api_name(74), "ListConfigResources");
  EXPECT_EQ(api_name(999), "api 999");
  EXPECT_EQ(api_name(-1), "api -1");
  ASSERT_NE(find_api("OffsetForLeaderEpoch"), nullptr);
  EXPECT_EQ(find_api("OffsetForLeaderEpoch")->key, ApiKey::kOffsetForLeaderEpoch);
  EXPECT_EQ(find_api("offsetforleaderepoch"), nullptr);
  EXPECT_EQ(find_api(ApiKey{999}), nullptr);
}

// Every one that the code names, in the words of the table.
TEST(WireSchema, ApiKeysAreThoseOfTheTable) {
  const std::pair<ApiKey, const char*> named[] = {
      {ApiKey::kProduce, "Produce"},
      {ApiKey::kFetch, "Fetch"},
      {ApiKey::kListOffsets, "ListOffsets"},
      {ApiKey::kMetadata, "Metadata"},
      {ApiKey::kControlledShutdown, "ControlledShutdown"},
      {ApiKey::kOffsetCommit, "OffsetCommit"},
      {ApiKey::kOffsetFetch, "OffsetFetch"},
      {ApiKey::kFindCoordinator, "FindCoordinator"},
      {ApiKey::kJoinGroup, "JoinGroup"},
      {ApiKey::kHeartbeat, "Heartbeat"},
      {ApiKey::kLeaveGroup, "LeaveGroup"},
      {ApiKey::kSyncGroup, "SyncGroup"},
      {ApiKey::kDescribeGroups, "DescribeGroups"},
      {ApiKey::kListGroups, "ListGroups"},
      {ApiKey::kSaslHandshake, "SaslHandshake"},
      {ApiKey::kApiVersions, "ApiVersions"},
      {ApiKey::kCreateTopics, "CreateTopics"},
      {ApiKey::kDeleteTopics, "DeleteTopics"},
      {ApiKey::kDeleteRecords, "DeleteRecords"},
      {ApiKey::kInitProducerId, "InitProducerId"},
      {ApiKey::kOffsetForLeaderEpoch, "OffsetForLeaderEpoch"},
      {ApiKey::kAddPartitionsToTxn, "AddPartitionsToTxn"},
      {ApiKey::kAddOffsetsToTxn, "AddOffsetsToTxn"},
      {ApiKey::kEndTxn, "EndTxn"},
      {ApiKey::kTxnOffsetCommit, "TxnOffsetCommit"},
      {ApiKey::kDescribeConfigs, "DescribeConfigs"},
      {ApiKey::kAlterConfigs, "AlterConfigs"},
      {ApiKey::kSaslAuthenticate, "SaslAuthenticate"},
      {ApiKey::kCreatePartitions, "CreatePartitions"},
      {ApiKey::kDeleteGroups, "DeleteGroups"},
      {ApiKey::kIncrementalAlterConfigs, "IncrementalAlterConfigs"},
      {ApiKey::kOffsetDelete, "OffsetDelete"},
      {ApiKey::kDescribeCluster, "DescribeCluster"},
  };
  for (const auto& [key, name] : named) EXPECT_EQ(api_name(static_cast<std::int16_t>(key)), name);
}

TEST(WireSchema, VersionsThatKafka4RemovedAreThere) {
  EXPECT_EQ(find_api(ApiKey::kProduce)->versions.text(), "0-13");
  EXPECT_EQ(find_api(ApiKey::kFetch)->versions.text(), "0-18");
  EXPECT_EQ(find_api(ApiKey::kCreateTopics)->versions.text(), "0-7");
  EXPECT_EQ(find_api("LeaderAndIsr")->versions.text(), "0-7");
  EXPECT_EQ(find_api("StopReplica")->versions.text(), "0-4");
  EXPECT_EQ(find_api("UpdateMetadata")->versions.text(), "0-8");
  EXPECT_EQ(find_api("ControlledShutdown")->versions.text(), "0-3");
  EXPECT_EQ(all_apis().size(), 93U);
}

TEST(WireSchema, UnstableVersionsAreMarked) {
  EXPECT_EQ(find_api(ApiKey::kOffsetCommit)->versions.text(), "0-10");
  EXPECT_EQ(find_api(ApiKey::kOffsetCommit)->stable.text(), "0-9");
  EXPECT_EQ(find_api("ShareFetch")->stable.text(), "1") << "an early version is the unstable one";
  EXPECT_EQ(find_api("StreamsGroupHeartbeat")->versions.text(), "0");
  EXPECT_EQ(find_api("StreamsGroupHeartbeat")->stable.text(), "none");
  EXPECT_EQ(find_api(ApiKey::kMetadata)->stable, find_api(ApiKey::kMetadata)->versions);
}

TEST(WireSchema, RequestAndResponseOfEveryApiHaveTheSameVersions) {
  for (const Api& api : all_apis()) {
    const MessageSchema* request = find_request(api.key);
    const MessageSchema* response = find_response(api.key);
    ASSERT_NE(request, nullptr) << api.name;
    ASSERT_NE(response, nullptr) << api.name;
    EXPECT_EQ(request->versions, response->versions) << api.name;
    EXPECT_EQ(request->api_key, api.key);
    EXPECT_EQ(response->api_key, api.key);
  }
  EXPECT_EQ(find_request(ApiKey{999}), nullptr);
  EXPECT_EQ(find_message("FetchReques"), nullptr);
}

TEST(WireSchema, FieldsAreReadWithAllTheirAttributes) {
  const MessageSchema& fetch = *find_request(ApiKey::kFetch);
  const FieldSchema& cluster_id = fetch.fields.at(0);
  EXPECT_EQ(cluster_id.name, "cluster_id");
  EXPECT_EQ(cluster_id.type, Type::kString);
  EXPECT_EQ(cluster_id.tag, 0);
  EXPECT_EQ(cluster_id.versions, (VersionRange{12, 18}));
  EXPECT_EQ(cluster_id.nullable, (VersionRange{12, 18}));
  EXPECT_TRUE(cluster_id.default_value.is_null());
  EXPECT_TRUE(cluster_id.ignorable);
  const FieldSchema& replica_id = fetch.fields.at(1);
  EXPECT_EQ(replica_id.versions, (VersionRange{0, 14}));
  EXPECT_FALSE(replica_id.is_tagged());
  EXPECT_FALSE(replica_id.ignorable);
  EXPECT_EQ(replica_id.default_value, Value(-1));
  EXPECT_EQ(fetch.fields.at(2).default_value, (Value{{"replica_id", -1}, {"replica_epoch", -1}}));
  EXPECT_TRUE(find_message("RequestHeader")->fields.at(3).inflexible);
}

// The codec takes at least a byte for each element of an array.
void expect_elements_have_bytes(const std::vector<FieldSchema>& fields, std::int16_t version,
                                bool flexible) {
  for (const FieldSchema& field : fields) {
    if (!field.versions.contains(version) || field.type != Type::kStruct) continue;
    const auto has_bytes = [&](const FieldSchema& each) {
      return each.versions.contains(version) && !each.is_tagged();
    };
    EXPECT_TRUE(flexible || std::ranges::any_of(field.fields, has_bytes)) << field.name;
    expect_elements_have_bytes(field.fields, version, flexible);
  }
}

TEST(WireSchema, NoArrayHasElementsWithoutBytes) {
  for (const Api& api : all_apis()) {
    for (const MessageSchema* schema : {find_request(api.key), find_response(api.key)}) {
      for (std::int16_t v = schema->versions.min; v <= schema->versions.max; ++v) {
        SCOPED_TRACE(schema->name_at(v));
        expect_elements_have_bytes(schema->fields, v, schema->flexible.contains(v));
      }
    }
  }
}

TEST(WireSchema, ThreadsMayAskAtTheSameTime) {
  std::vector<const MessageSchema*> found(4);
  std::vector<std::thread> threads;
  for (const MessageSchema*& each : found) {
    threads.emplace_back([&each] { each = find_message("DescribeQuorumResponse"); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const MessageSchema* each : found) {
    EXPECT_EQ(each, found.front());
    EXPECT_FALSE(each->fields.empty());
  }
}

TEST(VersionRange, OverlapsOnlyWhereBothServeTheSameVersion) {
  EXPECT_TRUE((VersionRange{0, 3}).overlaps({3, 5}));
  EXPECT_FALSE((VersionRange{0, 2}).overlaps({3, 3}));
  EXPECT_FALSE((VersionRange{-1, -1}).overlaps({-1, -1})) << "an API that nobody serves";
  EXPECT_FALSE((VersionRange{}).overlaps({0, 9}));
}

}  // namespace
}  // namespace ks::wire
