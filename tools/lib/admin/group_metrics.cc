#include "lib/admin/group_metrics.h"

#include <set>

namespace ks::admin {

using client::GroupDescription;
using client::GroupMember;

bool is_unknown(const GroupDescription& group) {
  return group.state == "Dead" && group.members.empty();
}

report::Metrics group_metrics(const std::vector<GroupDescription>& groups) {
  report::Metrics metrics{{"groups", 0},
                          {"groups_stable", 0},
                          {"groups_empty", 0},
                          {"members", 0},
                          {"members_without_assignment", 0},
                          {"partitions_assigned", 0},
                          {"partitions_assigned_distinct", 0}};
  for (const GroupDescription& group : groups) {
    metrics["groups"] += is_unknown(group) ? 0 : 1;
    metrics["groups_stable"] += group.state == "Stable" ? 1 : 0;
    metrics["groups_empty"] += group.state == "Empty" ? 1 : 0;
    std::set<client::TopicPartition> held;
    for (const GroupMember& member : group.members) {
      metrics["members"] += 1;
      metrics["members_without_assignment"] += member.assignment.empty() ? 1 : 0;
      metrics["partitions_assigned"] += static_cast<double>(member.assignment.size());
      held.insert(member.assignment.begin(), member.assignment.end());
    }
    metrics["partitions_assigned_distinct"] += static_cast<double>(held.size());
  }
  return metrics;
}

}  // namespace ks::admin
