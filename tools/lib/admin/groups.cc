#include <algorithm>

#include "lib/admin/commands.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::GroupDescription;
using client::GroupListing;
using client::GroupMember;
using client::Operation;

// Kafka answers for a group that does not exist as for one that is gone.
bool is_unknown(const GroupDescription& group) {
  return group.state == "Dead" && group.members.empty();
}

Json partition_texts(const GroupMember& member) {
  Json list = Json::array();
  for (const client::TopicPartition& at : member.assignment) list.push_back(at.text());
  return list;
}

void add_rows(const GroupDescription& group, Table& table) {
  const Json coordinator = group.coordinator_id < 0 ? Json(nullptr) : Json(group.coordinator_id);
  const Json assignor = group.assignor.empty() ? Json(nullptr) : Json(group.assignor);
  for (const GroupMember& member : group.members) {
    table.rows.push_back({group.id, group.state, assignor, coordinator, member.id, member.client_id,
                          member.host, partition_texts(member)});
  }
  if (group.members.empty()) {
    table.rows.push_back(
        {group.id, group.state, assignor, coordinator, nullptr, nullptr, nullptr, Json::array()});
  }
}

void count(const GroupDescription& group, report::Metrics& metrics) {
  metrics["groups"] += is_unknown(group) ? 0 : 1;
  metrics["groups_stable"] += group.state == "Stable" ? 1 : 0;
  metrics["groups_empty"] += group.state == "Empty" ? 1 : 0;
  for (const GroupMember& member : group.members) {
    metrics["members"] += 1;
    metrics["members_without_assignment"] += member.assignment.empty() ? 1 : 0;
    metrics["partitions_assigned"] += static_cast<double>(member.assignment.size());
  }
}

}  // namespace

cli::Result<Answer> list_groups(Context& context) {
  if (auto ok = context.connect({Operation::kListGroups}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  auto groups = context.ask(&Admin::list_groups);
  if (!groups) return tl::make_unexpected(groups.error());
  std::sort(groups->begin(), groups->end(),
            [](const GroupListing& a, const GroupListing& b) { return a.id < b.id; });
  Answer answer{{{"group", "state"}, {}}, {}, {}, {}};
  const auto& names = context.names;
  for (const GroupListing& group : *groups) {
    if (!names.empty() && std::find(names.begin(), names.end(), group.id) == names.end()) continue;
    answer.table.rows.push_back({group.id, group.state});
  }
  answer.metrics = {{"groups", static_cast<double>(answer.table.rows.size())}};
  return answer;
}

cli::Result<Answer> describe_groups(Context& context) {
  if (auto ok = context.connect({Operation::kDescribeGroups}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  Answer answer;
  answer.table.columns = {"group",  "state",     "assignor", "coordinator",
                          "member", "client_id", "host",     "assignment"};
  answer.metrics = {{"groups", 0},
                    {"groups_stable", 0},
                    {"groups_empty", 0},
                    {"members", 0},
                    {"members_without_assignment", 0},
                    {"partitions_assigned", 0}};
  for (const std::string& name : context.names) {
    auto group = context.ask(&Admin::describe_group, name);
    if (!group) return tl::make_unexpected(group.error());
    std::sort(group->members.begin(), group->members.end(),
              [](const GroupMember& a, const GroupMember& b) { return a.id < b.id; });
    // Whoever expects something of the group has an answer in "no members"; others asked in vain.
    if (is_unknown(*group) && context.session.expectations.empty()) {
      return cli::fail("unknown group", name, "'groups list' shows those that exist");
    }
    add_rows(*group, answer.table);
    count(*group, answer.metrics);
  }
  return answer;
}

}  // namespace ks::admin
