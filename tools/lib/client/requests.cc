#include "lib/client/requests.h"

#include "lib/wire/message.h"

namespace ks::client {

using wire::Value;

Value nullable(const std::string& text) { return text.empty() ? Value() : Value(text); }

const Value* find_partition(const Value& topics, const TopicPartition& at) {
  for (const Value& topic : topics.items()) {
    if (topic["name"].as_string() != at.topic) continue;
    for (const Value& partition : topic["partitions"].items()) {
      if (partition["partition_index"].as_int() == at.partition) return &partition;
    }
  }
  return nullptr;
}

Value list_offsets_request(const std::vector<Position>& positions) {
  constexpr std::int32_t kAConsumer = -1;
  return {{"replica_id", kAConsumer},
          {"topics", by_topic("name", positions, [](const Position& p) -> Value {
             return {{"partition_index", p.at.partition}, {"timestamp", p.offset}};
           })}};
}

// ---- commits ------------------------------------------------------------------------------------

namespace {

constexpr std::int16_t kOffsetFetchOfGroups = 8;

Value::Array partition_indexes(const std::vector<TopicPartition>& partitions) {
  std::vector<Position> positions;
  for (const TopicPartition& at : partitions) positions.push_back({at, 0});
  Value::Array topics =
      by_topic("name", positions, [](const Position& p) { return p.at.partition; });
  for (Value& topic : topics) {
    topic = {{"name", topic["name"]}, {"partition_indexes", topic["partitions"]}};
  }
  return topics;
}

}  // namespace

Value offset_commit_request(const std::string& group, const Membership& as,
                            const std::vector<Position>& positions) {
  return {{"group_id", group},
          {"generation_id_or_member_epoch", as.generation_id},
          {"member_id", as.member_id},
          {"group_instance_id", nullable(as.group_instance_id)},
          {"topics", by_topic("name", positions, [](const Position& p) -> Value {
             return {{"partition_index", p.at.partition}, {"committed_offset", p.offset}};
           })}};
}

Value offset_fetch_request(const std::string& group, const std::vector<TopicPartition>& partitions,
                           std::int16_t version) {
  Value::Array topics = partition_indexes(partitions);
  if (version < kOffsetFetchOfGroups) return {{"group_id", group}, {"topics", std::move(topics)}};
  return {{"groups", Value::array({{{"group_id", group}, {"topics", std::move(topics)}}})}};
}

const Value* fetched_group(const Value& body, std::int16_t version, const std::string& group) {
  if (version < kOffsetFetchOfGroups) return &body;
  for (const Value& answer : body["groups"].items()) {
    if (answer["group_id"].as_string() == group) return &answer;
  }
  return nullptr;
}

const Value* refused_part(const Value& answer, const std::vector<TopicPartition>& asked) {
  const Value* code = answer.find("error_code");
  if (code != nullptr && code->as_int() != 0) return &answer;
  for (const TopicPartition& at : asked) {
    const Value* partition = find_partition(answer["topics"], at);
    if (partition == nullptr || (*partition)["error_code"].as_int() != 0) return partition;
  }
  return &answer;
}

// ---- consumer protocol --------------------------------------------------------------------------

namespace {

// Version 1 of both is what every client reads (owned partitions are left empty).
constexpr std::int16_t kConsumerProtocolVersion = 1;

const wire::MessageSchema& subscription_schema() {
  return *wire::find_message("ConsumerProtocolSubscription");
}
const wire::MessageSchema& assignment_schema() {
  return *wire::find_message("ConsumerProtocolAssignment");
}

}  // namespace

std::string encode_subscription(const std::vector<std::string>& topics) {
  return *wire::encode_versioned(subscription_schema(), kConsumerProtocolVersion,
                                 {{"topics", Value::Array(topics.begin(), topics.end())}});
}

cli::Result<std::vector<std::string>> decode_subscription(std::string_view bytes) {
  const auto message = wire::decode_versioned(subscription_schema(), bytes);
  if (!message) return tl::make_unexpected(message.error());
  std::vector<std::string> topics;
  for (const Value& topic : (*message)["topics"].items()) topics.emplace_back(topic.as_string());
  return topics;
}

std::string encode_assignment(const std::vector<TopicPartition>& partitions) {
  std::vector<Position> positions;
  for (const TopicPartition& at : partitions) positions.push_back({at, 0});
  return *wire::encode_versioned(
      assignment_schema(), kConsumerProtocolVersion,
      {{"assigned_partitions",
        by_topic("topic", positions, [](const Position& p) { return p.at.partition; })}});
}

cli::Result<std::vector<TopicPartition>> decode_assignment(std::string_view bytes) {
  const auto message = wire::decode_versioned(assignment_schema(), bytes);
  if (!message) return tl::make_unexpected(message.error());
  std::vector<TopicPartition> out;
  for (const Value& topic : (*message)["assigned_partitions"].items()) {
    for (const Value& partition : topic["partitions"].items()) {
      out.push_back(
          {std::string(topic["topic"].as_string()), static_cast<std::int32_t>(partition.as_int())});
    }
  }
  return out;
}

}  // namespace ks::client
