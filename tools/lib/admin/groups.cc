#include <algorithm>

#include "lib/admin/commands.h"
#include "lib/admin/group_metrics.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::GroupDescription;
using client::GroupListing;
using client::GroupMember;
using client::Operation;

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
  std::vector<GroupDescription> groups;
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
    groups.push_back(std::move(*group));
  }
  answer.metrics = group_metrics(groups);
  return answer;
}

}  // namespace ks::admin
