#include "lib/client/group_requests.h"

#include <utility>

namespace ks::client {

using wire::Value;

namespace {

constexpr const char* kProtocolType = "consumer";

std::int32_t to_int_ms(cli::Duration duration) {
  return static_cast<std::int32_t>(duration / std::chrono::milliseconds(1));
}

// Which member asks, in which generation: what SyncGroup and Heartbeat begin with.
Value request_of(const std::string& group, const Membership& as, std::int16_t version) {
  Value out{{"group_id", group}, {"generation_id", as.generation_id}, {"member_id", as.member_id}};
  constexpr std::int16_t kWithInstanceId = 3;
  if (version >= kWithInstanceId) out.set("group_instance_id", nullable(as.group_instance_id));
  return out;
}

}  // namespace

Value join_group_request(const std::string& group, const Membership& as,
                         const std::vector<std::string>& topics, const std::string& reason,
                         const WireOptions& options) {
  Value::Array protocols;
  for (const std::string& assignor : options.assignors) {
    protocols.push_back(
        {{"name", assignor}, {"metadata", Value::owned_bytes(encode_subscription(topics))}});
  }
  return {{"group_id", group},
          {"session_timeout_ms", to_int_ms(options.session_timeout)},
          {"rebalance_timeout_ms", to_int_ms(options.rebalance_timeout)},
          {"member_id", as.member_id},
          {"group_instance_id", nullable(as.group_instance_id)},
          {"protocol_type", kProtocolType},
          {"protocols", std::move(protocols)},
          {"reason", reason}};
}

Value sync_group_request(const std::string& group, const Membership& as,
                         const std::string& protocol, const Assignment& assignment,
                         std::int16_t version) {
  Value::Array assignments;
  for (const auto& [member, partitions] : assignment) {
    assignments.push_back(
        {{"member_id", member}, {"assignment", Value::owned_bytes(encode_assignment(partitions))}});
  }
  Value out = request_of(group, as, version);
  out.set("protocol_type", kProtocolType);
  out.set("protocol_name", protocol);
  out.set("assignments", std::move(assignments));
  return out;
}

Value heartbeat_request(const std::string& group, const Membership& as, std::int16_t version) {
  return request_of(group, as, version);
}

Value leave_group_request(const std::string& group, const Membership& as, const std::string& reason,
                          std::int16_t version) {
  constexpr std::int16_t kWithMembers = 3;
  if (version < kWithMembers) return {{"group_id", group}, {"member_id", as.member_id}};
  return {{"group_id", group},
          {"members", Value::array({{{"member_id", as.member_id}, {"reason", reason}}})}};
}

const Value* refused_leave(const wire::Reply& reply) {
  if (reply.body["error_code"].as_int() != 0) return &reply.body;
  for (const Value& member : reply.body["members"].items()) {
    if (member["error_code"].as_int() != 0) return &member;
  }
  return &reply.body;
}

}  // namespace ks::client
