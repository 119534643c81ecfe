#include "lib/scenario/fleet.h"

#include <algorithm>

namespace ks::scenario {
namespace {

// They take of one limit what comes.
bool share_a_limit(const Traffic& traffic) {
  return traffic.type == Type::kConsume && traffic.limit && !traffic.partition;
}

}  // namespace

Scenario in_fleet(Scenario scenario, std::uint32_t workers) {
  for (Traffic& traffic : scenario.traffic) {
    if (traffic.type != Type::kProduce) continue;
    const std::uint64_t most =
        traffic.messages ? std::min<std::uint64_t>(*traffic.messages, workers) : workers;
    traffic.clients = std::max(traffic.clients, static_cast<int>(most));
  }
  return scenario;
}

std::uint32_t worker_of(const Traffic& traffic, std::size_t position, std::uint32_t client,
                        std::uint32_t workers) {
  const bool is_whole = traffic.type == Type::kMetrics || share_a_limit(traffic);
  // What has few clients does not all land on the first worker.
  const std::uint64_t first = position % workers;
  return static_cast<std::uint32_t>((first + (is_whole ? 0 : client)) % workers);
}

std::vector<StepPlan> part_of(std::vector<StepPlan> plans, const Traffic& traffic,
                              std::size_t position, Shard shard) {
  std::vector<StepPlan> out;
  for (std::uint32_t i = 0; i < plans.size(); ++i) {
    if (worker_of(traffic, position, i, shard.count) == shard.index) {
      out.push_back(std::move(plans[i]));
    }
  }
  return out;
}

std::vector<std::string> step_names_of(const Traffic& traffic, std::size_t position, Shard shard) {
  std::vector<std::string> out;
  const std::vector<std::string> all = step_names(traffic);
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (worker_of(traffic, position, i, shard.count) == shard.index) out.push_back(all[i]);
  }
  return out;
}

}  // namespace ks::scenario
