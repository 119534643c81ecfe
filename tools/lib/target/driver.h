#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/units.h"
#include "lib/target/profile.h"
#include "lib/wire/call.h"

namespace ks::target {

// What a verb did to one node, judged from outside: an effect that was only commanded is not
// confirmed.
struct NodeEvent {
  std::string node;
  std::string event;       // stopped, killed, started, restarted
  bool changed = true;     // false: the node was in that state before
  bool confirmed = false;  // the effect was seen
  std::string detail;      // how it went; where it is not confirmed, what was seen instead
  std::int64_t at_ns = 0;  // wall clock, when it was seen or given up
};

struct Effect {
  std::vector<NodeEvent> events;          // one a node
  std::map<std::string, double> metrics;  // stop_ms, start_ms (connects), ready_ms (answers)

  bool confirmed() const;
};

enum class NodeState { kStopped, kRunning, kAnswers };

std::string_view to_string(NodeState state);

struct NodeStatus {
  std::string node;
  NodeState state = NodeState::kStopped;
  long pid = 0;  // 0: none, or not known to the driver
  std::string address;
};

struct DriverBounds {
  cli::Duration timeout = std::chrono::seconds(30);  // for a verb to show its effect
  cli::Duration grace = std::chrono::seconds(10);    // from SIGTERM to SIGKILL
  wire::Access access{};                             // for a node to answer
};

// Ends and starts the brokers of an environment. A verb returns an error where it could not be
// tried or the node said why it failed, and an unconfirmed event where its effect was not seen in
// time. REQUIRES, for every verb: `nodes` are some of nodes().
class BrokerDriver {
 public:
  using Nodes = std::vector<std::string>;

  virtual ~BrokerDriver() = default;

  virtual cli::Result<Nodes> nodes() const = 0;
  // Where the nodes listen for Kafka clients, in the same order.
  virtual cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const = 0;

  // In order, as an administrator would: a node that was stopped before is fine.
  virtual cli::Result<Effect> stop(const Nodes& nodes) = 0;
  // At once, as a crash would: a node that was not running is not confirmed, nothing was killed.
  virtual cli::Result<Effect> kill(const Nodes& nodes) = 0;
  // Until each node answers.
  virtual cli::Result<Effect> start(const Nodes& nodes) = 0;
  // Stop or (hard) kill, then start. Not confirmed for a node that was not running before.
  virtual cli::Result<Effect> restart(const Nodes& nodes, bool hard);

  virtual cli::Result<std::vector<NodeStatus>> status(const Nodes& nodes) = 0;
};

// The driver that the profile asks for. Kind none gives one that can only tell the status.
cli::Result<std::unique_ptr<BrokerDriver>> make_driver(const Profile& profile,
                                                       const DriverBounds& bounds);

}  // namespace ks::target
