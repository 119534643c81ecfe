#include "lib/client/partitions.h"

#include <algorithm>

namespace ks::client {

cli::Result<std::vector<TopicPartition>> find_partitions(const ClusterInfo& cluster,
                                                         const std::string& topic,
                                                         const std::vector<std::int32_t>& wanted) {
  const auto found = std::find_if(cluster.topics.begin(), cluster.topics.end(),
                                  [&](const TopicInfo& t) { return t.name == topic; });
  if (found == cluster.topics.end()) {
    return cli::fail("unknown topic", topic, "ks-admin topics list shows what is there");
  }
  std::vector<std::int32_t> there;
  for (const PartitionInfo& partition : found->partitions) there.push_back(partition.id);
  std::sort(there.begin(), there.end());
  std::vector<TopicPartition> out;
  for (const std::int32_t id : wanted.empty() ? there : wanted) {
    out.push_back({topic, id});
    if (!std::binary_search(there.begin(), there.end(), id)) {
      return cli::fail("unknown partition", out.back().text(),
                       "the topic has " + std::to_string(there.size()));
    }
  }
  return out;
}

}  // namespace ks::client
