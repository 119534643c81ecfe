#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/target/broker_list.h"
#include "lib/target/driver.h"
#include "lib/wire/call.h"

namespace ks::ops {

// What is waited for.
enum class Goal {
  kDown,    // its instance is gone, and its address refuses connections
  kPaused,  // its address takes connections, and nobody answers
  kUp,      // it answers
  kAgain,   // down, then up
};

// One node while something is done to it. Times are cli::monotonic_ns() of when it was seen so.
struct WatchedNode {
  std::string name;
  std::optional<wire::Address> address;  // nothing: cannot be reached from here
  target::Sight before;
  target::Sight now;
  bool was_up = false;
  std::optional<std::int64_t> gone_ns{};     // down, or paused
  std::optional<std::int64_t> connect_ns{};  // takes connections
  std::optional<std::int64_t> up_ns{};       // answers
  std::string unseen_by{};                   // why it is not yet visible to the others
};

// Looks at nodes from outside: at what their driver sees of them, at their addresses, and at what
// the other brokers say of them.
class NodeWatch {
 public:
  // How they are now, before anything is done to them.
  static cli::Result<NodeWatch> begin(target::BrokerDriver& driver, const target::Nodes& nodes,
                                      const wire::Access& access, cli::Deadline deadline);

  // Called when a node that was up is seen down or paused, and when one is seen up.
  using OnSeen = std::function<void(const std::string& node, std::int64_t at_ns)>;
  void on_gone(OnSeen action) { on_gone_ = std::move(action); }
  void on_back(OnSeen action) { on_back_ = std::move(action); }

  // Looks once at each node that is not there yet; whether all are. A failed look shows nothing.
  bool look(Goal goal, cli::Deadline deadline);

  // Whether every other running broker has the nodes in its Metadata, at their addresses. A broker
  // that does not even list itself where it listens is behind something that answers for all, and
  // is no witness. `renewed`: also the nodes themselves are asked, and an id that a node had before
  // does not count.
  bool all_visible(bool renewed, cli::Deadline deadline);

  // A node that ended by itself while it was started.
  const std::optional<cli::Error>& death() const { return death_; }
  const std::vector<WatchedNode>& nodes() const { return nodes_; }

  // Asks for the ids that the nodes have now: for all_visible(true), and highest_id().
  cli::Result<void> note_ids(cli::Deadline deadline);
  std::int32_t highest_id() const {
    return highest_id_;
  }  // of all brokers; -1: none could be asked

 private:
  NodeWatch(target::BrokerDriver& driver, wire::Access access)
      : driver_(&driver), access_(std::move(access)) {}

  void see(WatchedNode& node, Goal goal, cli::Deadline deadline);
  void see_down(WatchedNode& node, cli::Deadline deadline) const;
  void see_paused(WatchedNode& node, cli::Deadline deadline) const;
  void see_up(WatchedNode& node, cli::Deadline deadline) const;
  cli::Result<std::vector<std::pair<std::string, wire::Address>>> running_brokers(
      cli::Deadline deadline);
  std::string why_unseen(const WatchedNode& node, const std::string& witness,
                         const cli::Result<target::BrokerList>& list, bool renewed) const;

  target::BrokerDriver* driver_;
  wire::Access access_;
  std::vector<WatchedNode> nodes_;
  OnSeen on_gone_ = [](const auto&, auto) {};
  OnSeen on_back_ = [](const auto&, auto) {};
  std::optional<cli::Error> death_;
  std::set<std::pair<std::string, std::int32_t>> ids_before_;  // node, id
  std::int32_t highest_id_ = -1;
};

}  // namespace ks::ops
