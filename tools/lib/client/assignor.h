#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/client/client.h"

// What the leader of a consumer group does between JoinGroup and SyncGroup: it shares the
// partitions out. As Kafka's RangeAssignor and RoundRobinAssignor do it.
namespace ks::client {

struct Subscription {
  std::string member_id;
  std::vector<std::string> topics;
};
using PartitionCounts = std::map<std::string, std::int32_t>;  // by topic
using Assignment =
    std::map<std::string, std::vector<TopicPartition>>;  // by member id; every member

// "range": each topic by itself, in runs over the members sorted by id, the first ones take one
// more. "roundrobin": all partitions of all topics in turn. Any other name is an error.
cli::Result<Assignment> assign_partitions(const std::string& assignor,
                                          std::vector<Subscription> members,
                                          const PartitionCounts& counts);

}  // namespace ks::client
