#include "lib/client/versions.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ks::client {
namespace {

using wire::ApiKey;

struct Range {
  ApiKey api;
  int since;  // the first librdkafka release with this maximum
  std::int16_t max;
};

constexpr int release(int major, int minor, int patch) {
  return major << 24 | minor << 16 | patch << 8;
}

// Later rows of an API replace earlier ones; every minimum is 0.
constexpr std::array kLibrdkafkaRanges{
    Range{ApiKey::kProduce, 0, 7},
    Range{ApiKey::kProduce, release(2, 4, 0), 8},
    Range{ApiKey::kProduce, release(2, 5, 0), 10},
    Range{ApiKey::kFetch, 0, 11},
    Range{ApiKey::kFetch, release(2, 5, 0), 16},
    Range{ApiKey::kListOffsets, 0, 2},
    Range{ApiKey::kListOffsets, release(2, 3, 0), 7},
    Range{ApiKey::kMetadata, 0, 4},
    Range{ApiKey::kMetadata, release(2, 1, 0), 9},
    Range{ApiKey::kMetadata, release(2, 3, 0), 12},
    Range{ApiKey::kMetadata, release(2, 11, 0), 13},
    Range{ApiKey::kOffsetCommit, 0, 7},
    Range{ApiKey::kOffsetCommit, release(2, 4, 0), 9},
    Range{ApiKey::kOffsetFetch, 0, 7},
    Range{ApiKey::kOffsetFetch, release(2, 4, 0), 9},
    Range{ApiKey::kFindCoordinator, 0, 2},
    Range{ApiKey::kJoinGroup, 0, 5},
    Range{ApiKey::kHeartbeat, 0, 3},
    Range{ApiKey::kLeaveGroup, 0, 1},
    Range{ApiKey::kSyncGroup, 0, 3},
    Range{ApiKey::kDescribeGroups, 0, 4},
    Range{ApiKey::kDescribeGroups, release(2, 13, 0), 5},
    Range{ApiKey::kListGroups, 0, 4},
    Range{ApiKey::kCreateTopics, 0, 4},
    Range{ApiKey::kDeleteTopics, 0, 1},
    Range{ApiKey::kDeleteTopics, release(2, 13, 0), 4},
    Range{ApiKey::kInitProducerId, 0, 4},
    Range{ApiKey::kDescribeConfigs, 0, 1},
    Range{ApiKey::kAlterConfigs, 0, 0},
    Range{ApiKey::kAlterConfigs, release(2, 1, 0), 1},
    Range{ApiKey::kAlterConfigs, release(2, 2, 0), 2},
    Range{ApiKey::kCreatePartitions, 0, 0},
    Range{ApiKey::kCreatePartitions, release(2, 13, 0), 2},
    Range{ApiKey::kDeleteGroups, 0, 1},
    Range{ApiKey::kDeleteGroups, release(2, 13, 0), 2},
};

// Minimum and maximum of what the wire client's code handles.
struct WireRange {
  ApiKey api;
  wire::VersionRange range;
};
constexpr std::array kWireRanges{
    WireRange{ApiKey::kProduce, {3, 13}},
    WireRange{ApiKey::kFetch, {4, 17}},
    WireRange{ApiKey::kListOffsets, {1, 10}},
    WireRange{ApiKey::kMetadata, {1, 13}},
    WireRange{ApiKey::kOffsetCommit, {2, 9}},
    WireRange{ApiKey::kOffsetFetch, {1, 9}},
    WireRange{ApiKey::kFindCoordinator, {0, 6}},
    WireRange{ApiKey::kJoinGroup, {0, 9}},
    WireRange{ApiKey::kHeartbeat, {0, 4}},
    WireRange{ApiKey::kLeaveGroup, {0, 5}},
    WireRange{ApiKey::kSyncGroup, {0, 5}},
    WireRange{ApiKey::kDescribeGroups, {0, 6}},
    WireRange{ApiKey::kListGroups, {0, 5}},
    WireRange{ApiKey::kSaslHandshake, {0, 1}},
    WireRange{ApiKey::kApiVersions, {0, 4}},
    WireRange{ApiKey::kCreateTopics, {0, 7}},
    WireRange{ApiKey::kDeleteTopics, {0, 6}},
    WireRange{ApiKey::kInitProducerId, {0, 5}},
    WireRange{ApiKey::kOffsetForLeaderEpoch, {2, 4}},
    WireRange{ApiKey::kDescribeConfigs, {0, 4}},
    WireRange{ApiKey::kAlterConfigs, {0, 2}},
    WireRange{ApiKey::kSaslAuthenticate, {0, 2}},
    WireRange{ApiKey::kCreatePartitions, {0, 3}},
    WireRange{ApiKey::kDeleteGroups, {0, 2}},
};

struct JavaRange {
  ApiKey api;
  std::int16_t max_3_9;  // every minimum is 0
  wire::VersionRange range_4_1;
};
constexpr std::array kJavaRanges{
    JavaRange{ApiKey::kProduce, 11, {3, 13}},
    JavaRange{ApiKey::kFetch, 17, {4, 18}},
    JavaRange{ApiKey::kListOffsets, 9, {1, 10}},
    JavaRange{ApiKey::kMetadata, 12, {0, 13}},
    JavaRange{ApiKey::kOffsetCommit, 9, {2, 9}},
    JavaRange{ApiKey::kOffsetFetch, 9, {1, 9}},
    JavaRange{ApiKey::kFindCoordinator, 6, {0, 6}},
    JavaRange{ApiKey::kJoinGroup, 9, {0, 9}},
    JavaRange{ApiKey::kHeartbeat, 4, {0, 4}},
    JavaRange{ApiKey::kLeaveGroup, 5, {0, 5}},
    JavaRange{ApiKey::kSyncGroup, 5, {0, 5}},
    JavaRange{ApiKey::kDescribeGroups, 5, {0, 6}},
    JavaRange{ApiKey::kListGroups, 5, {0, 5}},
    JavaRange{ApiKey::kSaslHandshake, 1, {0, 1}},
    JavaRange{ApiKey::kApiVersions, 4, {0, 4}},
    JavaRange{ApiKey::kCreateTopics, 7, {2, 7}},
    JavaRange{ApiKey::kDeleteTopics, 6, {1, 6}},
    JavaRange{ApiKey::kDeleteRecords, 2, {0, 2}},
    JavaRange{ApiKey::kInitProducerId, 5, {0, 5}},
    JavaRange{ApiKey::kOffsetForLeaderEpoch, 4, {2, 4}},
    JavaRange{ApiKey::kAddPartitionsToTxn, 5, {0, 5}},
    JavaRange{ApiKey::kAddOffsetsToTxn, 4, {0, 4}},
    JavaRange{ApiKey::kEndTxn, 4, {0, 5}},
    JavaRange{ApiKey::kTxnOffsetCommit, 4, {0, 5}},
    JavaRange{ApiKey::kDescribeConfigs, 4, {1, 4}},
    JavaRange{ApiKey::kAlterConfigs, 2, {0, 2}},
    JavaRange{ApiKey::kSaslAuthenticate, 2, {0, 2}},
    JavaRange{ApiKey::kCreatePartitions, 3, {0, 3}},
    JavaRange{ApiKey::kDeleteGroups, 2, {0, 2}},
    JavaRange{ApiKey::kIncrementalAlterConfigs, 1, {0, 1}},
    JavaRange{ApiKey::kOffsetDelete, 0, {0, 0}},
    JavaRange{ApiKey::kDescribeCluster, 1, {0, 2}},
};

constexpr std::array kOperations{
    Operation::kMetadata,        Operation::kProduce,         Operation::kFetch,
    Operation::kListOffsets,     Operation::kGroupMembership, Operation::kGroupOffsets,
    Operation::kCreateTopics,    Operation::kDeleteTopics,    Operation::kCreatePartitions,
    Operation::kDescribeConfigs, Operation::kAlterConfigs,    Operation::kListGroups,
    Operation::kDescribeGroups,  Operation::kDeleteGroups,
};

// Up to 2.11.0 librdkafka only uses message format v2 where the broker serves exactly Fetch 4.
constexpr int kFetch4NoLongerNeeded = release(2, 11, 1);
constexpr std::int16_t kFetchOfMessageFormat2 = 4;

std::vector<ApiKey> apis_of(Operation operation) {
  switch (operation) {
    case Operation::kMetadata:
      return {ApiKey::kMetadata};
    case Operation::kProduce:
      return {ApiKey::kMetadata, ApiKey::kProduce};
    case Operation::kFetch:
      return {ApiKey::kMetadata, ApiKey::kListOffsets, ApiKey::kFetch};
    case Operation::kListOffsets:
      return {ApiKey::kMetadata, ApiKey::kListOffsets};
    case Operation::kEpochEnds:
      return {ApiKey::kMetadata, ApiKey::kOffsetForLeaderEpoch};
    case Operation::kGroupMembership:
      return {ApiKey::kFindCoordinator, ApiKey::kJoinGroup,  ApiKey::kSyncGroup,
              ApiKey::kHeartbeat,       ApiKey::kLeaveGroup, ApiKey::kOffsetCommit,
              ApiKey::kOffsetFetch};
    case Operation::kGroupOffsets:
      return {ApiKey::kFindCoordinator, ApiKey::kOffsetCommit, ApiKey::kOffsetFetch};
    case Operation::kCreateTopics:
      return {ApiKey::kCreateTopics};
    case Operation::kDeleteTopics:
      return {ApiKey::kDeleteTopics};
    case Operation::kCreatePartitions:
      return {ApiKey::kCreatePartitions};
    case Operation::kDescribeConfigs:
      return {ApiKey::kDescribeConfigs};
    case Operation::kAlterConfigs:
      return {ApiKey::kAlterConfigs};
    case Operation::kListGroups:
      return {ApiKey::kListGroups};
    case Operation::kDescribeGroups:
      return {ApiKey::kFindCoordinator, ApiKey::kDescribeGroups};
    case Operation::kDeleteGroups:
      return {ApiKey::kFindCoordinator, ApiKey::kDeleteGroups};
  }
  return {};
}

std::string release_text(int version) {
  return std::to_string(version >> 24 & 0xff) + "." + std::to_string(version >> 16 & 0xff) + "." +
         std::to_string(version >> 8 & 0xff);
}

wire::VersionRange librdkafka_range(ApiKey api, int version) {
  wire::VersionRange range;
  for (const Range& row : kLibrdkafkaRanges) {
    if (row.api == api && version >= row.since) range = {0, row.max};
  }
  return range;
}

wire::VersionRange wire_range(ApiKey api) {
  for (const WireRange& row : kWireRanges) {
    if (row.api == api) return row.range;
  }
  return {};
}

cli::Error mismatch(const ClientRelease& client, ApiKey api, const std::string& speaks,
                    const wire::VersionRange& serves) {
  return {client.name + " cannot talk to this broker",
          wire::api_name(static_cast<std::int16_t>(api)) + ": the client speaks " + speaks +
              ", the broker serves " + serves.text(),
          client.advice};
}

bool is_of_groups(Operation operation) {
  return operation == Operation::kGroupMembership || operation == Operation::kGroupOffsets;
}

}  // namespace

ClientRelease librdkafka_release(int version) {
  return {"librdkafka " + release_text(version),
          [version](ApiKey api) { return librdkafka_range(api, version); }, "use --client wire",
          version < kFetch4NoLongerNeeded};
}

ClientRelease wire_release() { return {"the wire client", wire_range, ""}; }

ClientRelease java_3_9_release() {
  return {"Java 3.9",
          [](ApiKey api) {
            const auto* const row = std::ranges::find(kJavaRanges, api, &JavaRange::api);
            return row == kJavaRanges.end() ? wire::VersionRange{}
                                            : wire::VersionRange{0, row->max_3_9};
          },
          ""};
}

ClientRelease java_4_1_release() {
  return {"Java 4.1",
          [](ApiKey api) {
            const auto* const row = std::ranges::find(kJavaRanges, api, &JavaRange::api);
            return row == kJavaRanges.end() ? wire::VersionRange{} : row->range_4_1;
          },
          ""};
}

std::span<const Operation> all_operations() { return kOperations; }

std::optional<cli::Error> rule_out(const ClientRelease& client, ApiKey api,
                                   const wire::ApiVersions& broker) {
  const wire::VersionRange ours = client.range(api);
  if (broker.range(api).overlaps(ours)) return std::nullopt;
  return mismatch(client, api, ours.text(), broker.range(api));
}

std::optional<Mismatch> find_mismatch(const wire::ApiVersions& broker,
                                      std::span<const Operation> operations,
                                      const ClientRelease& client) {
  using enum wire::FindingId;
  for (const Operation operation : operations) {
    for (const ApiKey api : apis_of(operation)) {
      if (auto error = rule_out(client, api, broker)) {
        return Mismatch{is_of_groups(operation) ? kGroupApisUnreachable : kVersionMismatch, api,
                        std::move(*error)};
      }
    }
    const bool moves_records = operation == Operation::kProduce || operation == Operation::kFetch;
    const wire::VersionRange fetch_4{kFetchOfMessageFormat2, kFetchOfMessageFormat2};
    if (moves_records && client.needs_fetch_4 && !broker.range(ApiKey::kFetch).overlaps(fetch_4)) {
      return Mismatch{kMessageFormatDowngraded, ApiKey::kFetch,
                      mismatch(client, ApiKey::kFetch, "4 for message format v2",
                               broker.range(ApiKey::kFetch))};
    }
  }
  return std::nullopt;
}

}  // namespace ks::client
