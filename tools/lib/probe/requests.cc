#include "lib/probe/requests.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "lib/client/requests.h"
#include "lib/probe/records.h"
#include "lib/wire/value_json.h"

namespace ks::probe {
namespace {

using Json = nlohmann::ordered_json;
using wire::ApiKey;
using wire::Value;

// By API; an API without a row is asked with every field's default. A field that a version lacks is
// left out of it. $NONE is a name that nothing has.
constexpr std::pair<std::string_view, std::string_view> kRequests[] = {
    {"Fetch", R"({"max_wait_ms": 100, "min_bytes": 1, "topics": [{"topic": "$TOPIC",
      "topic_id": "$ID", "partitions": [{"partition": 0, "partition_max_bytes": 512}]}]})"},
    {"ListOffsets", R"({"replica_id": -1, "timeout_ms": 200, "topics": [{"name": "$TOPIC",
      "partitions": [{"partition_index": 0, "timestamp": -1}]}]})"},
    {"Metadata", R"({"topics": [{"name": "$TOPIC"}], "allow_auto_topic_creation": false})"},
    {"ControlledShutdown", R"({"broker_id": 2147483647, "broker_epoch": -1})"},
    {"OffsetCommit", R"({"group_id": "$GROUP", "generation_id_or_member_epoch": $GENERATION,
      "member_id": "$MEMBER", "topics": [{"name": "$TOPIC", "topic_id": "$ID", "partitions": [
        {"partition_index": 0, "committed_offset": 1, "committed_metadata": ""}]}]})"},
    {"OffsetFetch", R"({"group_id": "$GROUP",
      "topics": [{"name": "$TOPIC", "partition_indexes": [0]}],
      "groups": [{"group_id": "$GROUP", "topics": [{"name": "$TOPIC", "topic_id": "$ID",
        "partition_indexes": [0]}]}]})"},
    {"FindCoordinator", R"({"key": "$GROUP", "key_type": 0, "coordinator_keys": ["$GROUP"]})"},
    {"Heartbeat", R"({"group_id": "$GROUP", "generation_id": $GENERATION,
      "member_id": "$MEMBER"})"},
    {"LeaveGroup", R"({"group_id": "$GROUP", "member_id": "$MEMBER",
      "members": [{"member_id": "$MEMBER"}]})"},
    {"DescribeGroups", R"({"groups": ["$GROUP"]})"},
    {"SaslHandshake", R"({"mechanism": "PLAIN"})"},
    {"ApiVersions", R"({"client_software_name": "ks-probe", "client_software_version": "1"})"},
    {"CreateTopics", R"({"timeout_ms": 5000, "topics": [{"name": "$TOPIC-v$VERSION",
      "num_partitions": 1, "replication_factor": 1}]})"},
    {"DeleteTopics", R"({"timeout_ms": 5000, "topic_names": ["$TOPIC-v$VERSION"],
      "topics": [{"name": "$TOPIC-v$VERSION"}]})"},
    {"DeleteRecords", R"({"timeout_ms": 5000, "topics": [{"name": "$TOPIC",
      "partitions": [{"partition_index": 0, "offset": 0}]}]})"},
    {"InitProducerId", R"({"transactional_id": "$GROUP", "transaction_timeout_ms": 10000})"},
    {"OffsetForLeaderEpoch", R"({"replica_id": -1, "topics": [{"topic": "$TOPIC",
      "partitions": [{"partition": 0, "leader_epoch": 0}]}]})"},
    {"AddPartitionsToTxn", R"({"transactions": [{"transactional_id": "$GROUP",
        "producer_id": $PRODUCER, "producer_epoch": $EPOCH, "verify_only": false,
        "topics": [{"name": "$TOPIC", "partitions": [0]}]}],
      "v3_and_below_transactional_id": "$GROUP", "v3_and_below_producer_id": $PRODUCER,
      "v3_and_below_producer_epoch": $EPOCH,
      "v3_and_below_topics": [{"name": "$TOPIC", "partitions": [0]}]})"},
    {"AddOffsetsToTxn", R"({"transactional_id": "$GROUP", "producer_id": $PRODUCER,
      "producer_epoch": $EPOCH, "group_id": "$GROUP"})"},
    {"EndTxn", R"({"transactional_id": "$GROUP", "producer_id": $PRODUCER,
      "producer_epoch": $EPOCH, "committed": false})"},
    {"WriteTxnMarkers", R"({"markers": [{"producer_id": 0, "producer_epoch": 0,
      "topics": [{"name": "$NONE", "partition_indexes": [0]}]}]})"},
    {"TxnOffsetCommit", R"({"transactional_id": "$GROUP", "group_id": "$GROUP",
      "producer_id": $PRODUCER, "producer_epoch": $EPOCH, "topics": [{"name": "$TOPIC",
        "partitions": [{"partition_index": 0, "committed_offset": 1,
          "committed_metadata": ""}]}]})"},
    {"DescribeAcls", R"({"resource_type_filter": 2, "resource_name_filter": "$NONE",
      "operation": 1, "permission_type": 1})"},
    {"DeleteAcls", R"({"filters": [{"resource_type_filter": 2, "resource_name_filter": "$NONE",
      "principal_filter": "User:$NONE", "operation": 1, "permission_type": 1}]})"},
    {"DescribeConfigs", R"({"resources": [{"resource_type": 2, "resource_name": "$TOPIC",
      "configuration_keys": null}], "include_synonyms": true, "include_documentation": true})"},
    {"AlterConfigs", R"({"resources": [{"resource_type": 2, "resource_name": "$TOPIC",
      "configs": [{"name": "retention.ms", "value": "86400000"}]}], "validate_only": true})"},
    {"AlterReplicaLogDirs", R"({"dirs": [{"path": "/$NONE", "topics": [{"name": "$NONE",
      "partitions": [0]}]}]})"},
    {"DescribeLogDirs", R"({"topics": [{"topic": "$TOPIC", "partitions": [0]}]})"},
    {"CreatePartitions", R"({"timeout_ms": 5000, "validate_only": true,
      "topics": [{"name": "$TOPIC", "count": 2, "assignments": null}]})"},
    {"CreateDelegationToken", R"({"owner_principal_type": "$NONE", "owner_principal_name": "$NONE",
      "renewers": [{"principal_type": "$NONE", "principal_name": "$NONE"}]})"},
    {"RenewDelegationToken", R"({"hmac": "AAECAw=="})"},
    {"ExpireDelegationToken", R"({"hmac": "AAECAw=="})"},
    {"DescribeDelegationToken", R"({"owners": [{"principal_type": "User",
      "principal_name": "$NONE"}]})"},
    {"DeleteGroups", R"({"groups_names": ["$NONE"]})"},
    {"ElectLeaders", R"({"timeout_ms": 200, "topic_partitions": [{"topic": "$NONE",
      "partitions": [0]}]})"},
    {"IncrementalAlterConfigs", R"({"resources": [{"resource_type": 2, "resource_name": "$TOPIC",
      "configs": [{"name": "retention.ms", "config_operation": 0, "value": "86400000"}]}],
      "validate_only": true})"},
    {"AlterPartitionReassignments", R"({"timeout_ms": 200, "topics": [{"name": "$NONE",
      "partitions": [{"partition_index": 0}]}]})"},
    {"ListPartitionReassignments", R"({"timeout_ms": 200, "topics": [{"name": "$TOPIC",
      "partition_indexes": [0]}]})"},
    {"OffsetDelete", R"({"group_id": "$NONE", "topics": [{"name": "$TOPIC",
      "partitions": [{"partition_index": 0}]}]})"},
    {"AlterClientQuotas", R"({"entries": [{"entity": [{"entity_type": "user",
      "entity_name": "$NONE"}], "ops": [{"key": "producer_byte_rate", "value": 1e9,
      "remove": false}]}], "validate_only": true})"},
    {"DescribeUserScramCredentials", R"({"users": [{"name": "$NONE"}]})"},
    {"AlterUserScramCredentials", R"({"deletions": [{"name": "$NONE", "mechanism": 1}]})"},
    {"DescribeQuorum", R"({"topics": [{"topic_name": "__cluster_metadata",
      "partitions": [{"partition_index": 0}]}]})"},
    {"UpdateFeatures", R"({"timeout_ms": 200, "validate_only": true, "feature_updates": [
      {"feature": "$NONE", "max_version_level": 1}]})"},
    {"DescribeProducers", R"({"topics": [{"name": "$TOPIC", "partition_indexes": [0]}]})"},
    {"BrokerRegistration", R"({"broker_id": 2147483647, "cluster_id": "$NONE"})"},
    {"BrokerHeartbeat", R"({"broker_id": 2147483647, "broker_epoch": -1})"},
    {"UnregisterBroker", R"({"broker_id": 2147483647})"},
    {"DescribeTransactions", R"({"transactional_ids": ["$GROUP"]})"},
    {"ConsumerGroupHeartbeat", R"({"group_id": "$GROUP-consumer", "member_id": "$UUID",
      "member_epoch": 0, "rebalance_timeout_ms": 10000, "subscribed_topic_names": ["$TOPIC"],
      "topic_partitions": []})"},
    {"ConsumerGroupDescribe", R"({"group_ids": ["$GROUP-consumer"]})"},
    {"ControllerRegistration", R"({"controller_id": 2147483647})"},
    {"DescribeTopicPartitions", R"({"topics": [{"name": "$TOPIC"}]})"},
    {"ShareGroupHeartbeat", R"({"group_id": "$GROUP-share", "member_id": "$UUID",
      "member_epoch": 0, "subscribed_topic_names": ["$TOPIC"]})"},
    {"ShareGroupDescribe", R"({"group_ids": ["$GROUP-share"]})"},
    {"ShareFetch", R"({"group_id": "$GROUP-share", "member_id": "$UUID", "max_wait_ms": 100,
      "max_records": 1, "batch_size": 1, "topics": [{"topic_id": "$ID",
        "partitions": [{"partition_index": 0, "partition_max_bytes": 65536}]}]})"},
    {"ShareAcknowledge", R"({"group_id": "$GROUP-share", "member_id": "$UUID",
      "share_session_epoch": 1, "topics": [{"topic_id": "$ID",
        "partitions": [{"partition_index": 0}]}]})"},
    {"AddRaftVoter", R"({"cluster_id": "$NONE", "timeout_ms": 200, "voter_id": 2147483647})"},
    {"RemoveRaftVoter", R"({"cluster_id": "$NONE", "voter_id": 2147483647})"},
    {"UpdateRaftVoter", R"({"cluster_id": "$NONE", "voter_id": 2147483647})"},
    {"InitializeShareGroupState", R"({"group_id": "$NONE"})"},
    {"ReadShareGroupState", R"({"group_id": "$NONE"})"},
    {"WriteShareGroupState", R"({"group_id": "$NONE"})"},
    {"DeleteShareGroupState", R"({"group_id": "$NONE"})"},
    {"ReadShareGroupStateSummary", R"({"group_id": "$NONE"})"},
    {"StreamsGroupHeartbeat", R"({"group_id": "$NONE", "member_id": "$UUID",
      "member_epoch": -1})"},
    {"StreamsGroupDescribe", R"({"group_ids": ["$NONE"]})"},
    {"DescribeShareGroupOffsets", R"({"groups": [{"group_id": "$NONE", "topics": [
      {"topic_name": "$TOPIC", "partitions": [0]}]}]})"},
    {"AlterShareGroupOffsets", R"({"group_id": "$NONE", "topics": [{"topic_name": "$NONE",
      "partitions": [{"partition_index": 0, "start_offset": 0}]}]})"},
    {"DeleteShareGroupOffsets", R"({"group_id": "$NONE", "topics": [{"topic_name": "$NONE"}]})"},
};

void replace_all(std::string& text, std::string_view word, const std::string& by) {
  for (std::size_t at = text.find(word); at != std::string::npos;
       at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
}

std::string filled_in(std::string_view pattern, std::int16_t version, const Subject& subject) {
  std::string text(pattern);
  const std::pair<std::string_view, std::string> words[] = {
      {"$TOPIC", subject.topic},
      {"$ID", subject.topic_id},
      {"$GROUP", subject.group},
      {"$MEMBER", subject.member_id},
      {"$UUID", "a3MtcHJvYmUtbWVtYmVyLQ"},
      {"$NONE", subject.topic + "-none"},
      {"$GENERATION", std::to_string(subject.generation_id)},
      {"$PRODUCER", std::to_string(subject.producer_id)},
      {"$EPOCH", std::to_string(subject.producer_epoch)},
      {"$VERSION", std::to_string(version)},
  };
  for (const auto& [word, by] : words) replace_all(text, word, by);
  return text;
}

// Leaves out what the version lacks.
void fit(const std::vector<wire::FieldSchema>& schema, std::int16_t version, Json& object) {
  if (!object.is_object()) return;
  for (const wire::FieldSchema& field : schema) {
    const std::string name(field.name);
    if (!object.contains(name)) continue;
    if (!field.versions.contains(version)) {
      object.erase(name);
    } else if (field.is_array) {
      for (Json& each : object[name]) fit(field.fields, version, each);
    } else {
      fit(field.fields, version, object[name]);
    }
  }
}

Value produce_request(std::int16_t version, const Subject& subject) {
  constexpr int kTimeoutMs = 5000;
  Value topic = {
      {"name", subject.topic},
      {"partition_data",
       Value::array({{{"index", 0}, {"records", Value::owned_bytes(one_record(version))}}})}};
  const Json id = {{"topic_data", {{{"topic_id", subject.topic_id}}}}};
  if (auto fields = wire::from_json(*wire::find_request(ApiKey::kProduce), id)) {
    topic.set("topic_id", (*fields)["topic_data"][0]["topic_id"]);
  }
  return {{"acks", 1}, {"timeout_ms", kTimeoutMs}, {"topic_data", Value::array({topic})}};
}

Value join_request(const Subject& subject) {
  constexpr int kSessionTimeoutMs = 30'000;
  return {{"group_id", subject.group},
          {"session_timeout_ms", kSessionTimeoutMs},
          {"rebalance_timeout_ms", kSessionTimeoutMs},
          {"member_id", subject.member_id},
          {"protocol_type", "consumer"},
          {"protocols", Value::array({{{"name", "range"},
                                       {"metadata", Value::owned_bytes(client::encode_subscription(
                                                        {subject.topic}))}}})}};
}

Value sync_request(const Subject& subject) {
  return {
      {"group_id", subject.group},
      {"generation_id", subject.generation_id},
      {"member_id", subject.member_id},
      {"protocol_type", "consumer"},
      {"protocol_name", "range"},
      {"assignments", Value::array({{{"member_id", subject.member_id},
                                     {"assignment", Value::owned_bytes(client::encode_assignment(
                                                        {{subject.topic, 0}}))}}})}};
}

}  // namespace

cli::Result<wire::Value> valid_request(ApiKey api, std::int16_t version, const Subject& subject) {
  if (api == ApiKey::kProduce) return produce_request(version, subject);
  if (api == ApiKey::kJoinGroup) return join_request(subject);
  if (api == ApiKey::kSyncGroup) return sync_request(subject);
  const auto* const row =
      std::ranges::find(kRequests, wire::api_name(static_cast<std::int16_t>(api)),
                        &std::pair<std::string_view, std::string_view>::first);
  if (row == std::end(kRequests)) return Value::structure();
  Json json = Json::parse(filled_in(row->second, version, subject));
  const wire::MessageSchema& schema = *wire::find_request(api);
  fit(schema.fields, version, json);
  return wire::from_json(schema, json);
}

}  // namespace ks::probe
