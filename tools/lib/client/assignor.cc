#include "lib/client/assignor.h"

#include <algorithm>

namespace ks::client {
namespace {

bool wants(const Subscription& member, const std::string& topic) {
  return std::find(member.topics.begin(), member.topics.end(), topic) != member.topics.end();
}

Assignment assign_range(const std::vector<Subscription>& members, const PartitionCounts& counts) {
  Assignment out;
  for (const auto& [topic, count] : counts) {
    std::vector<std::string> takers;
    for (const Subscription& member : members) {
      if (wants(member, topic)) takers.push_back(member.member_id);
    }
    std::int32_t next = 0;
    for (std::size_t i = 0; i < takers.size(); ++i) {
      const auto all = static_cast<std::int32_t>(takers.size());
      const std::int32_t share = count / all + (static_cast<std::int32_t>(i) < count % all ? 1 : 0);
      for (std::int32_t n = 0; n < share; ++n) out[takers[i]].push_back({topic, next++});
    }
  }
  return out;
}

Assignment assign_round_robin(const std::vector<Subscription>& members,
                              const PartitionCounts& counts) {
  Assignment out;
  std::size_t turn = 0;
  for (const auto& [topic, count] : counts) {
    const bool wanted =
        std::any_of(members.begin(), members.end(),
                    [&name = topic](const Subscription& m) { return wants(m, name); });
    for (std::int32_t partition = 0; wanted && partition < count; ++partition) {
      while (!wants(members[turn % members.size()], topic)) ++turn;
      out[members[turn++ % members.size()].member_id].push_back({topic, partition});
    }
  }
  return out;
}

}  // namespace

cli::Result<Assignment> assign_partitions(const std::string& assignor,
                                          std::vector<Subscription> members,
                                          const PartitionCounts& counts) {
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return a.member_id < b.member_id; });
  Assignment out;
  if (assignor == "range") {
    out = assign_range(members, counts);
  } else if (assignor == "roundrobin") {
    out = assign_round_robin(members, counts);
  } else {
    return cli::fail("unknown assignor '" + assignor + "'", {}, "use range or roundrobin");
  }
  for (const Subscription& member : members) out.try_emplace(member.member_id);
  return out;
}

}  // namespace ks::client
