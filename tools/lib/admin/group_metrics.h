#pragma once

#include <vector>

#include "lib/client/client.h"
#include "lib/report/expectation.h"

namespace ks::admin {

// Kafka answers for a group that does not exist as for one that is gone.
bool is_unknown(const client::GroupDescription& group);

// What 'groups describe' is judged by, summed over the groups. A partition that two members of a
// group hold counts twice in partitions_assigned and once in partitions_assigned_distinct.
report::Metrics group_metrics(const std::vector<client::GroupDescription>& groups);

}  // namespace ks::admin
