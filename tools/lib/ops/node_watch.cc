#include "lib/ops/node_watch.h"

#include <algorithm>
#include <map>

#include "lib/target/port.h"

namespace ks::ops {

using target::BrokerList;
using target::NodeState;
using target::Sight;

namespace {

bool has_reached(const WatchedNode& node, Goal goal) {
  const bool wants_gone = goal == Goal::kDown || goal == Goal::kPaused;
  return (wants_gone ? node.gone_ns : node.up_ns).has_value();
}

}  // namespace

cli::Result<NodeWatch> NodeWatch::begin(target::BrokerDriver& driver, const target::Nodes& nodes,
                                        const wire::Access& access, cli::Deadline deadline) {
  const auto sights = driver.look(nodes);
  if (!sights) return tl::make_unexpected(sights.error());
  const auto addresses = driver.addresses(nodes);
  if (!addresses) return tl::make_unexpected(addresses.error());
  NodeWatch watch(driver, access);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    WatchedNode node{nodes[i], {}, (*sights)[i], (*sights)[i]};
    if (!addresses->empty()) node.address = (*addresses)[i];
    node.was_up = node.before.state ? *node.before.state != NodeState::kStopped
                                    : target::accepts_connections(*node.address, deadline);
    watch.nodes_.push_back(std::move(node));
  }
  return watch;
}

bool NodeWatch::look(Goal goal, cli::Deadline deadline) {
  std::vector<WatchedNode*> pending;
  target::Nodes names;
  for (WatchedNode& node : nodes_) {
    if (has_reached(node, goal)) continue;
    pending.push_back(&node);
    names.push_back(node.name);
  }
  if (pending.empty()) return true;
  const auto sights = driver_->look(names);
  if (!sights) return false;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    pending[i]->now = (*sights)[i];
    see(*pending[i], goal, deadline);
  }
  return std::ranges::all_of(pending, [&](const auto* node) { return has_reached(*node, goal); });
}

void NodeWatch::see(WatchedNode& node, Goal goal, cli::Deadline deadline) {
  if (node.now.death && !death_) death_ = node.now.death;
  if (goal == Goal::kPaused) return see_paused(node, deadline);
  if (goal != Goal::kUp && !node.gone_ns) see_down(node, deadline);
  if (goal == Goal::kUp || (goal == Goal::kAgain && node.gone_ns)) see_up(node, deadline);
}

void NodeWatch::see_down(WatchedNode& node, cli::Deadline deadline) const {
  const bool is_there = node.now.state && *node.now.state != NodeState::kStopped &&
                        (!node.was_up || node.now.is_instance_of(node.before));
  if (is_there) return;
  if (node.address && target::accepts_connections(*node.address, deadline)) return;
  node.gone_ns = cli::monotonic_ns();
  if (node.was_up) on_gone_(node.name, *node.gone_ns);
}

void NodeWatch::see_paused(WatchedNode& node, cli::Deadline deadline) const {
  if (node.now.state && *node.now.state != NodeState::kPaused) return;
  const std::int64_t at = cli::monotonic_ns();  // the silence begins before it is noticed
  if (!node.address || !target::accepts_connections(*node.address, deadline)) return;
  if (target::answers_api_versions(*node.address, access_, deadline)) return;
  node.gone_ns = at;
  if (node.was_up) on_gone_(node.name, at);
}

void NodeWatch::see_up(WatchedNode& node, cli::Deadline deadline) const {
  if (node.now.state && *node.now.state != NodeState::kRunning) return;
  if (node.address) {
    if (!target::accepts_connections(*node.address, deadline)) return;
    if (!node.connect_ns) node.connect_ns = cli::monotonic_ns();
    if (!target::answers_api_versions(*node.address, access_, deadline)) return;
  } else if (!node.now.is_ready) {
    return;
  }
  node.up_ns = cli::monotonic_ns();
  if (!node.connect_ns) node.connect_ns = node.up_ns;
  on_back_(node.name, *node.up_ns);
}

// ---- what the brokers say of each other ---------------------------------------------------------

// Those that take connections and are not known to be paused.
cli::Result<std::vector<std::pair<std::string, wire::Address>>> NodeWatch::running_brokers(
    cli::Deadline deadline) {
  const auto names = driver_->nodes();
  if (!names) return tl::make_unexpected(names.error());
  const auto addresses = driver_->addresses(*names);
  if (!addresses) return tl::make_unexpected(addresses.error());
  std::vector<std::pair<std::string, wire::Address>> running;
  if (addresses->empty()) return running;
  const auto sights = driver_->look(*names);
  if (!sights) return tl::make_unexpected(sights.error());
  for (std::size_t i = 0; i < names->size(); ++i) {
    const NodeState state = (*sights)[i].state.value_or(NodeState::kRunning);
    if (state != NodeState::kRunning) continue;
    if (!target::accepts_connections((*addresses)[i], deadline)) continue;
    running.emplace_back((*names)[i], (*addresses)[i]);
  }
  return running;
}

cli::Result<void> NodeWatch::note_ids(cli::Deadline deadline) {
  const auto running = running_brokers(deadline);
  if (!running) return tl::make_unexpected(running.error());
  for (const auto& [name, address] : *running) {
    const auto list = BrokerList::ask(address, access_, deadline);
    if (!list) continue;
    highest_id_ = std::max(highest_id_, list->highest_id());
    for (const WatchedNode& node : nodes_) {
      if (!node.address) continue;
      if (const auto* broker = list->at(*node.address)) ids_before_.emplace(node.name, broker->id);
    }
  }
  return {};
}

// Empty: the witness lists the node. `list`: what it answers, if it does.
std::string NodeWatch::why_unseen(const WatchedNode& node, const std::string& witness,
                                  const cli::Result<BrokerList>& list, bool renewed) const {
  if (!list) {
    // The last look may be cut short by the deadline: what was seen before tells more.
    return node.unseen_by.empty() ? witness + " does not answer Metadata" : node.unseen_by;
  }
  const auto* broker = list->at(*node.address);
  if (broker == nullptr) return "it is not in the Metadata of " + witness;
  if (!renewed || !ids_before_.contains({node.name, broker->id})) return {};
  return witness + " knows it by its old id " + std::to_string(broker->id);
}

bool NodeWatch::all_visible(bool renewed, cli::Deadline deadline) {
  if (nodes_.empty()) return true;
  const auto witnesses = running_brokers(deadline);
  if (!witnesses) return false;
  std::map<std::string, std::string> unseen;  // node -> why
  for (const auto& [name, address] : *witnesses) {
    const bool is_alone = nodes_.size() == 1 && name == nodes_.front().name;
    if (is_alone && !renewed) continue;
    const auto list = BrokerList::ask(address, access_, deadline);
    if (list && list->at(address) == nullptr) continue;
    for (const WatchedNode& node : nodes_) {
      if (node.name == name && !renewed) continue;
      std::string why = why_unseen(node, name, list, renewed);
      if (!why.empty()) unseen[node.name] = std::move(why);
    }
  }
  for (WatchedNode& node : nodes_) node.unseen_by = unseen[node.name];
  return std::ranges::all_of(nodes_, [](const WatchedNode& n) { return n.unseen_by.empty(); });
}

}  // namespace ks::ops
