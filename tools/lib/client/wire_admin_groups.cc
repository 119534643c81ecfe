#include <algorithm>

#include "lib/client/requests.h"
#include "lib/client/wire_admin.h"
#include "lib/wire/error_code.h"

// Consumer groups and their commits.
namespace ks::client {
namespace {

using wire::ApiKey;
using wire::Reply;
using wire::Value;

const Value* find_group(const Value& groups, const std::string& id) {
  for (const Value& group : groups.items()) {
    if (group["group_id"].as_string() == id) return &group;
  }
  return nullptr;
}

cli::Result<GroupMember> to_member(const Value& from) {
  GroupMember out{std::string(from["member_id"].as_string()),
                  std::string(from["client_id"].as_string()),
                  std::string(from["client_host"].as_string()),
                  {}};
  const std::string_view bytes = from["member_assignment"].as_bytes();
  if (bytes.empty()) return out;  // the group is between two generations
  auto assignment = decode_assignment(bytes);
  if (!assignment) return tl::make_unexpected(assignment.error());
  out.assignment = std::move(*assignment);
  return out;
}

// A member to which the leader gave no partition has an assignment, too, that says so.
bool are_undescribed(const Value& group) {
  const Value::Array& members = group["members"].items();
  return group["group_state"].as_string() == "Stable" && !members.empty() &&
         std::ranges::all_of(members, [](const Value& member) {
           return member["member_assignment"].as_bytes().empty();
         });
}

}  // namespace

cli::Result<std::vector<GroupListing>> WireAdmin::list_groups(cli::Deadline deadline) {
  if (auto done = cluster_.refresh_now({}, false, deadline); !done) {
    return tl::make_unexpected(done.error());
  }
  const auto brokers = cluster_.metadata().brokers;
  std::vector<GroupListing> out;
  for (const auto& [id, address] : brokers) {  // each lists those that it coordinates
    const Fill nothing = [](std::int16_t) -> cli::Result<Value> { return Value::structure(); };
    const auto reply = settle(
        ApiKey::kListGroups, address.text(), to_broker(id, deadline), nothing,
        [](const Reply& r) { return &r.body; }, deadline);
    if (!reply) return tl::make_unexpected(reply.error());
    for (const Value& group : reply->body["groups"].items()) {
      out.push_back({std::string(group["group_id"].as_string()),
                     std::string(group["group_state"].as_string())});
    }
  }
  return out;
}

cli::Result<GroupDescription> WireAdmin::describe_group(const std::string& id,
                                                        cli::Deadline deadline) {
  const Fill fill = [&id](std::int16_t) -> cli::Result<Value> {
    return Value{{"groups", Value::array({id})}};
  };
  // From version 6 on a group that is not there is an error instead of one that is dead.
  bool is_unknown = false;
  const auto answer_of = [&](const Reply& r) {
    const Value* group = find_group(r.body["groups"], id);
    is_unknown = group != nullptr && wire::to_error((*group)["error_code"].as_int()) ==
                                         wire::ErrorCode::kGroupIdNotFound;
    return group;
  };
  wire::Address coordinator;
  const Route route = [&coordinator, find = to_coordinator(id, deadline)] {
    auto found = find();
    if (found) coordinator = *found;
    return found;
  };
  const auto reply = settle(ApiKey::kDescribeGroups, id, route, fill, answer_of, deadline);
  if (is_unknown) return GroupDescription{id, "Dead", {}, cluster_.node_at(coordinator), {}};
  if (!reply) return tl::make_unexpected(reply.error());
  const Value& group = *answer_of(*reply);
  GroupDescription out{id,
                       std::string(group["group_state"].as_string()),
                       std::string(group["protocol_data"].as_string()),
                       cluster_.node_at(coordinator),
                       {}};
  for (const Value& member : group["members"].items()) {
    auto read = to_member(member);
    if (!read) return tl::make_unexpected(read.error());
    out.members.push_back(std::move(*read));
  }
  if (are_undescribed(group)) {
    cluster_.note(wire::FindingId::kAssignmentsUndescribed,
                  "DescribeGroups v" + std::to_string(reply->version) + " of " + id + ": " +
                      std::to_string(out.members.size()) + " members, none with an assignment");
  }
  return out;
}

cli::Result<void> WireAdmin::delete_group(const std::string& id, cli::Deadline deadline) {
  const Fill fill = [&id](std::int16_t) -> cli::Result<Value> {
    return Value{{"groups_names", Value::array({id})}};
  };
  const auto reply = settle(
      ApiKey::kDeleteGroups, id, to_coordinator(id, deadline), fill,
      [&id](const Reply& r) { return find_group(r.body["results"], id); }, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  return {};
}

cli::Result<std::vector<Position>> WireAdmin::committed(
    const std::string& group, const std::vector<TopicPartition>& partitions,
    cli::Deadline deadline) {
  const Fill fill = [&](std::int16_t version) -> cli::Result<Value> {
    return offset_fetch_request(group, partitions, version);
  };
  const auto reply = settle(
      ApiKey::kOffsetFetch, group, to_coordinator(group, deadline), fill,
      [&](const Reply& r) -> const Value* {
        const Value* answer = fetched_group(r.body, r.version, group);
        return answer == nullptr ? nullptr : refused_part(*answer, partitions);
      },
      deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  std::vector<Position> out;
  for (const Value& topic :
       (*fetched_group(reply->body, reply->version, group))["topics"].items()) {
    for (const Value& partition : topic["partitions"].items()) {
      const std::int64_t offset = partition["committed_offset"].as_int();
      if (offset < 0) continue;
      out.push_back({{std::string(topic["name"].as_string()),
                      static_cast<std::int32_t>(partition["partition_index"].as_int())},
                     offset});
    }
  }
  return out;
}

// Without being a member: no generation, no member id.
cli::Result<void> WireAdmin::commit(const std::string& group,
                                    const std::vector<Position>& positions,
                                    cli::Deadline deadline) {
  std::vector<TopicPartition> asked;
  for (const Position& position : positions) asked.push_back(position.at);
  const Fill fill = [&](std::int16_t) -> cli::Result<Value> {
    return offset_commit_request(group, {}, positions);
  };
  const auto reply = settle(
      ApiKey::kOffsetCommit, group, to_coordinator(group, deadline), fill,
      [&](const Reply& r) { return refused_part(r.body, asked); }, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  return {};
}

}  // namespace ks::client
