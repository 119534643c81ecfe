#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/wire/value.h"

// Kafka's APIs and messages, version by version: messages/table.inc, which messages/generate takes
// from Kafka's own definitions. A message is read out of the table when it is first asked for.
namespace ks::wire {

// An API key (protocol guide, "API Keys"), any number; named are those that this toolkit's code
// names.
enum class ApiKey : std::int16_t {
  kProduce = 0,
  kFetch = 1,
  kListOffsets = 2,
  kMetadata = 3,
  kControlledShutdown = 7,
  kOffsetCommit = 8,
  kOffsetFetch = 9,
  kFindCoordinator = 10,
  kJoinGroup = 11,
  kHeartbeat = 12,
  kLeaveGroup = 13,
  kSyncGroup = 14,
  kDescribeGroups = 15,
  kListGroups = 16,
  kSaslHandshake = 17,
  kApiVersions = 18,
  kCreateTopics = 19,
  kDeleteTopics = 20,
  kDeleteRecords = 21,
  kInitProducerId = 22,
  kOffsetForLeaderEpoch = 23,
  kAddPartitionsToTxn = 24,
  kAddOffsetsToTxn = 25,
  kEndTxn = 26,
  kTxnOffsetCommit = 28,
  kDescribeConfigs = 32,
  kAlterConfigs = 33,
  kSaslAuthenticate = 36,
  kCreatePartitions = 37,
  kDeleteGroups = 42,
  kIncrementalAlterConfigs = 44,
  kOffsetDelete = 47,
  kDescribeCluster = 60,
};

// A range of versions, both ends included. KafScale lists what it does not serve as -1…-1.
struct VersionRange {
  std::int16_t min = 0;
  std::int16_t max = -1;

  bool served() const { return min >= 0 && max >= min; }
  bool contains(std::int16_t version) const { return min <= version && version <= max; }
  bool overlaps(const VersionRange& other) const {
    return served() && other.served() && min <= other.max && other.min <= max;
  }
  bool operator==(const VersionRange&) const = default;
  std::string text() const;  // "3", "0-9" or "none"
};

enum class Type : std::uint8_t {
  kBool,
  kInt8,
  kInt16,
  kUint16,
  kInt32,
  kInt64,
  kFloat64,
  kUuid,
  kString,
  kBytes,
  kRecords,  // bytes that hold record batches
  kStruct,
};

struct FieldSchema {
  std::string_view name;  // as in the protocol guide: "error_code"
  Type type = Type::kStruct;
  bool is_array = false;    // of `type`
  bool ignorable = false;   // may be dropped where the version lacks it
  bool inflexible = false;  // a string with the old length prefix in flexible versions, too
  int tag = -1;             // of a tagged field
  VersionRange versions;
  VersionRange nullable;
  Value default_value;              // what is read where the field is absent
  std::vector<FieldSchema> fields;  // of a struct, or of each in an array of structs

  bool is_tagged() const { return tag >= 0; }
  bool is_default(const Value& value) const;  // a struct that is given in part stands for the whole
};

struct MessageSchema {
  std::string_view name;  // "FetchRequest"
  ApiKey api_key{-1};     // of a request or response
  VersionRange versions;
  VersionRange flexible;  // versions with compact lengths and tagged fields
  VersionRange unstable;  // versions that may still change; brokers do not offer them unasked
  std::vector<FieldSchema> fields;

  std::string name_at(std::int16_t version) const;  // "FetchRequest v12", for messages
};

// What a struct has in its last field where it has tagged fields that its schema does not know, for
// the same bytes to come out again.
constexpr std::string_view kTaggedFields = "_tagged_fields";
const FieldSchema& tagged_fields_schema();  // an array of {tag: int64, data: bytes}

struct Api {
  ApiKey key{-1};
  std::string_view name;  // "Fetch"
  VersionRange versions;  // all that the table knows
  VersionRange stable;    // those that no longer change
};

const std::vector<Api>& all_apis();  // by key
const Api* find_api(ApiKey key);
const Api* find_api(std::string_view name);

// The name in the protocol guide ("Produce"), or "api N" for a key that the table lacks.
std::string api_name(std::int16_t key);

// By Kafka's name: "FetchRequest", "RequestHeader", "ConsumerProtocolSubscription". Null: there is
// none. What is found lives as long as the program; any thread may ask.
const MessageSchema* find_message(std::string_view name);

// Of an API; null: the table lacks it.
const MessageSchema* find_request(ApiKey key);
const MessageSchema* find_response(ApiKey key);

}  // namespace ks::wire
