#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/cli/units.h"
#include "lib/target/profile.h"
#include "lib/wire/address.h"

namespace ks::target {

using Nodes = std::vector<std::string>;

enum class Verb {
  kStop,      // in order, as an administrator would
  kKill,      // at once, as a crash would
  kPause,     // it keeps its connections, and does nothing any more
  kContinue,  // after a pause
  kStart,
  kRestart,
  kReplace,  // another one in its place: without its data, with a new id
  kRolling,  // a restart of one node after the other
  kScale,    // to a number of nodes
  kStatus,
};

std::string_view to_string(Verb verb);

// What a driver is told to do.
struct Order {
  Verb verb{};
  Nodes nodes;
  std::size_t count = 0;  // scale: how many brokers
  std::int32_t id = -1;   // replace: the first new one's, the others' follow; -1: none is known
};

// How an order is waited for.
struct Patience {
  cli::Deadline deadline;
  std::function<void()> meanwhile;  // called again and again while a command runs
};

enum class NodeState { kStopped, kPaused, kRunning, kAnswers };

std::string_view to_string(NodeState state);

// One node as its driver sees it. `id` and `since` are those of what runs there: another instance
// has others.
struct Sight {
  std::optional<NodeState> state;     // nothing: the driver cannot tell
  std::string noun;                   // "pid", "container", "pod"
  std::string id;                     // empty: nothing runs there
  std::string since;                  // when it was started
  bool is_ready = false;              // its engine says so, for nodes without an address
  std::optional<cli::Error> death{};  // it ended by itself while it was started

  std::string name() const { return noun + " " + id; }
  bool is_instance_of(const Sight& other) const { return id == other.id && since == other.since; }
};

// What a service that its engine scales has.
struct Size {
  std::size_t running = 0;
  std::size_t ready = 0;
};

// The brokers of an environment, and how orders reach them. A driver gives orders and looks; what
// they come to is judged by who asked, from outside (lib/ops/restart_verbs.h).
// REQUIRES, of every call: nodes are some of nodes().
class BrokerDriver {
 public:
  virtual ~BrokerDriver() = default;

  virtual cli::Result<Nodes> nodes() = 0;
  // Where the nodes listen for Kafka clients, in the same order. Empty: they cannot be reached from
  // here, and what their engine says of them has to do.
  virtual cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const = 0;

  // Whether it has an order of its own for the verb; others may be composed.
  virtual bool has(Verb verb) const = 0;
  // Whether whom the order ends is started again without another order.
  virtual bool brings_back(Verb) const { return false; }
  // What would keep the order from being carried out, as far as that can be known before anything
  // is touched: an order it does not have, a missing command, a permission.
  virtual cli::Result<void> check(const Order& order) = 0;
  // Carries the order out, without waiting for what it comes to. Replace, of a driver that does not
  // bring back: the node was killed before.
  virtual cli::Result<void> give(const Order& order, const Patience& patience) = 0;

  // One a node, in the order of `nodes`.
  virtual cli::Result<std::vector<Sight>> look(const Nodes& nodes) = 0;
  // How often a look is worth its price.
  virtual std::chrono::milliseconds interval() const = 0;
  // What its engine says of a service that it scales; nothing: the nodes' addresses have to tell.
  virtual cli::Result<std::optional<Size>> size() { return std::nullopt; }

  // What the driver knows of how its last order to the node went, and nobody else can see: "held by
  // process 7 (java)". Empty: nothing.
  virtual std::string remark(const std::string& /*node*/, bool /*confirmed*/) { return {}; }
  // The highest broker id that it knows to be taken; -1: none.
  virtual cli::Result<std::int32_t> highest_id() { return -1; }
};

struct DriverBounds {
  cli::Duration timeout = std::chrono::seconds(30);  // for a step of a verb to show its effect
  cli::Duration grace = std::chrono::seconds(10);    // stop: from SIGTERM to SIGKILL
};

// The driver that the profile asks for. Kind none gives one that can only look.
cli::Result<std::unique_ptr<BrokerDriver>> make_driver(const Profile& profile,
                                                       const DriverBounds& bounds);

// For drivers: the error of an order that is not theirs.
tl::unexpected<cli::Error> no_such_order(const std::string& driver, Verb verb,
                                         const std::string& action);

}  // namespace ks::target
