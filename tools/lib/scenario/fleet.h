#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/cli/options.h"
#include "lib/scenario/plan.h"

// How a scenario is shared out among the workers of a fleet. Nothing here runs anything.
namespace ks::scenario {

// Worker `index` of `count`.
using Shard = cli::ShardArg;

// The scenario as so many workers do it: each has a client of what produces, as far as there are
// messages for it. All other numbers are totals over the fleet, as they are over clients.
Scenario in_fleet(Scenario scenario, std::uint32_t workers);

// Which worker is client `client` of what stands at `position` in the scenario. Who has to count
// together is together: those who share a `limit`, as counters are a machine's own.
std::uint32_t worker_of(const Traffic& traffic, std::size_t position, std::uint32_t client,
                        std::uint32_t workers);

// Of all clients' steps, those of one worker.
std::vector<StepPlan> part_of(std::vector<StepPlan> plans, const Traffic& traffic,
                              std::size_t position, Shard shard);

// The names of the steps that a worker has of what stands at `position`.
std::vector<std::string> step_names_of(const Traffic& traffic, std::size_t position, Shard shard);

// Whether the worker does the faults: one has to, and be where the brokers can be reached.
constexpr bool does_faults(Shard shard) { return shard.index == 0; }

}  // namespace ks::scenario
