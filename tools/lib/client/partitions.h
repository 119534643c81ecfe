#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/client/client.h"

namespace ks::client {

// The partitions `wanted` of the topic, in that order, or all of them, ascending, where none are.
// What `cluster` does not show is an error: "unknown topic", "unknown partition".
cli::Result<std::vector<TopicPartition>> find_partitions(const ClusterInfo& cluster,
                                                         const std::string& topic,
                                                         const std::vector<std::int32_t>& wanted);

}  // namespace ks::client
