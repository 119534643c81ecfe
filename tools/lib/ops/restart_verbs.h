#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/ops/fault_log.h"
#include "lib/ops/node_watch.h"
#include "lib/target/driver.h"

namespace ks::ops {

// What a verb did to one node, judged from outside: an effect that was only commanded is not
// confirmed. Times are cli::monotonic_ns() of when it was seen so, and absent where it was not.
struct NodeEvent {
  std::string node;
  std::string event;       // stopped, killed, paused, started, restarted, …
  bool changed = true;     // false: the node was in that state before
  bool confirmed = false;  // the effect was seen
  std::string detail;      // how it went; where it is not confirmed, what was seen instead
  std::int64_t begun_ns = 0;
  std::optional<std::int64_t> gone_ns;  // down, or paused
  std::optional<std::int64_t> up_ns;    // answers
};

struct Effect {
  std::vector<NodeEvent> events;          // one a node
  std::map<std::string, double> metrics;  // stop_ms, start_ms (connects), ready_ms (answers)

  bool confirmed() const;
};

struct VerbRequest {
  target::Verb verb{};
  target::Nodes nodes;
  bool hard = false;      // restart, rolling: kill instead of stop
  std::size_t count = 0;  // scale
};

// The verbs, whoever the driver is: what it has no order for is composed of others, and every
// effect is waited for and judged here. A verb is an error where it could not be tried or a node
// said why it failed; what would keep it from being tried is looked for before anything is touched.
// Faults are told as they are seen: "NODE down", "NODE paused", "scale to N".
class Verbs {
 public:
  // `step`: for each step of a verb to show its effect. What is given must outlive this.
  Verbs(target::BrokerDriver& driver, const wire::Access& access, cli::Duration step,
        FaultLog& faults)
      : driver_(driver), access_(access), step_(step), faults_(faults) {}

  cli::Result<Effect> perform(const VerbRequest& request);

 private:
  // Ends nodes, and brings them or others back.
  struct Cycle {
    target::Verb down{};
    target::Verb up{};  // not given where the first order brings back by itself
    const char* event = "";
  };
  Cycle cycle_of(const VerbRequest& request) const;
  bool is_composed_rolling(const VerbRequest& request) const;

  cli::Result<void> check(const VerbRequest& request);
  cli::Result<void> check_scale(const VerbRequest& request);

  cli::Result<Effect> end(target::Verb verb, const target::Nodes& nodes);
  cli::Result<Effect> pause(const target::Nodes& nodes);
  cli::Result<Effect> resume(const target::Nodes& nodes);
  cli::Result<Effect> start(target::Verb verb, const target::Nodes& nodes);
  cli::Result<Effect> cycle(const Cycle& cycle, const target::Nodes& nodes);
  cli::Result<Effect> rolling(const VerbRequest& request);
  cli::Result<Effect> scale(std::size_t count);
  cli::Result<Effect> scale_nodes(std::size_t count);
  cli::Result<target::Size> size();

  cli::Result<NodeWatch> watch(const target::Nodes& nodes, const std::string& fault);
  cli::Result<void> give(const target::Order& order, NodeWatch& watch, Goal meanwhile);
  cli::Result<void> wait_up(NodeWatch& watch, Goal goal, bool renewed);
  cli::Deadline deadline() const { return cli::Clock::now() + step_; }

  target::BrokerDriver& driver_;
  const wire::Access& access_;
  const cli::Duration step_;
  FaultLog& faults_;
};

}  // namespace ks::ops
