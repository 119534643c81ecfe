#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/cli/error.h"
#include "lib/client/client.h"
#include "lib/wire/value.h"

// Parts of requests and responses that several of the wire client's calls have in common.
namespace ks::client {

// Null where it is empty.
wire::Value nullable(const std::string& text);

// [{name_field: topic, "partitions": [what `partition` makes of each position]}], each topic once.
template <typename MakePartition>
wire::Value::Array by_topic(std::string_view name_field, const std::vector<Position>& positions,
                            const MakePartition& partition) {
  std::vector<std::pair<std::string, wire::Value::Array>> topics;
  for (const Position& position : positions) {
    auto topic = std::find_if(topics.begin(), topics.end(),
                              [&](const auto& t) { return t.first == position.at.topic; });
    if (topic == topics.end()) topic = topics.insert(topic, {position.at.topic, {}});
    topic->second.push_back(partition(position));
  }
  wire::Value::Array out;
  for (auto& [name, partitions] : topics) {
    out.push_back({{name_field, name}, {"partitions", std::move(partitions)}});
  }
  return out;
}

// Of a response's topics [{"name", "partitions": [{"partition_index", ...}]}]; null: not there.
const wire::Value* find_partition(const wire::Value& topics, const TopicPartition& at);

// ListOffsets: each position's "offset" is a timestamp, or -1 or -2 for the two ends.
wire::Value list_offsets_request(const std::vector<Position>& positions);

// As what somebody commits: by default as nobody's member, which a broker allows for empty groups.
struct Membership {
  std::string member_id;
  std::string group_instance_id;  // empty: none
  std::int32_t generation_id = -1;
};

wire::Value offset_commit_request(const std::string& group, const Membership& as,
                                  const std::vector<Position>& positions);
wire::Value offset_fetch_request(const std::string& group,
                                 const std::vector<TopicPartition>& partitions,
                                 std::int16_t version);

// The one group's part of an OffsetFetch answer; null: not there.
const wire::Value* fetched_group(const wire::Value& body, std::int16_t version,
                                 const std::string& group);

// The part of a group's answer that has an error code other than 0: itself, or the first of its
// partitions; the answer itself where all went well. Null: a partition that was asked for is
// missing.
const wire::Value* refused_part(const wire::Value& answer,
                                const std::vector<TopicPartition>& asked);

// What members of a consumer group tell each other through the coordinator (ConsumerProtocol).
std::string encode_subscription(const std::vector<std::string>& topics);
cli::Result<std::vector<std::string>> decode_subscription(std::string_view bytes);
std::string encode_assignment(const std::vector<TopicPartition>& partitions);
cli::Result<std::vector<TopicPartition>> decode_assignment(std::string_view bytes);

}  // namespace ks::client
