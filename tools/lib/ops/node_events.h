#pragma once

#include <cstdint>

#include "lib/ops/restart_verbs.h"

// From what was seen of nodes to what a verb did to them.
namespace ks::ops {

// The names of faults are those of the nodes, and this.
inline constexpr const char* kDownFault = " down";
inline constexpr const char* kPausedFault = " paused";

// Of the nodes that are up: nothing is done to others.
void begin_faults(const NodeWatch& watch, const char* fault, std::int64_t at_ns, FaultLog& faults);

// After stop or kill.
Effect down_effect(const NodeWatch& watch, target::Verb verb, std::int64_t begun_ns,
                   target::BrokerDriver& driver);
Effect paused_effect(const NodeWatch& watch, std::int64_t begun_ns);
// `missing`: those that were not up before.
Effect up_effect(const NodeWatch& watch, const char* name, std::int64_t begun_ns,
                 const target::Nodes& missing, target::BrokerDriver& driver);
// `up_begun_ns`: when those that were down were ordered to start; 0: they came back by themselves.
Effect cycle_effect(const NodeWatch& watch, const char* name, std::int64_t begun_ns,
                    std::int64_t up_begun_ns, target::BrokerDriver& driver);

}  // namespace ks::ops
