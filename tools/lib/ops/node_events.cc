#include "lib/ops/node_events.h"

#include <algorithm>
#include <vector>

namespace ks::ops {
namespace {

using target::BrokerDriver;
using target::Nodes;
using target::NodeState;
using target::Sight;
using Moment = std::optional<std::int64_t> WatchedNode::*;

// What runs there, as its driver names it; empty: it cannot tell.
std::string instance(const Sight& sight) { return sight.id.empty() ? "" : sight.name(); }

// A part of a text, and what makes it one.
std::string behind(const std::string& separator, const std::string& text) {
  return text.empty() ? "" : separator + text;
}

std::string down_text(const WatchedNode& node) {
  const std::string before = instance(node.before);
  if (node.gone_ns) {
    if (!node.was_up) return "was not running";
    return before.empty() ? "refuses connections" : before + " ended";
  }
  if (node.now.state && *node.now.state != NodeState::kStopped) {
    return instance(node.now) + " still runs";
  }
  const std::string listens =
      (node.address ? node.address->text() : node.name) + " still accepts connections";
  if (!node.was_up) return "was not running, but " + listens;
  if (!before.empty()) return before + " ended, but " + listens;
  return listens + ": the command had no effect, or a proxy answers there";
}

std::string up_text(const WatchedNode& node) {
  const std::string now = instance(node.now);
  if (node.up_ns && node.unseen_by.empty()) return (now.empty() ? "" : now + " ") + "answers";
  if (node.up_ns) return "answers, but " + node.unseen_by;
  if (node.now.state == NodeState::kPaused) return now + " is paused";
  if (node.now.state == NodeState::kStopped) return "does not run";
  const std::string runs = now.empty() ? "" : now + " runs, but ";
  if (!node.address) return runs + "is not ready";
  return runs + node.address->text() +
         (node.connect_ns ? " accepts connections, but does not answer ApiVersions"
                          : " does not accept connections");
}

std::string cycle_text(const WatchedNode& node, const std::string& event) {
  if (!node.gone_ns && instance(node.before).empty()) {
    return "never refused connections: the command had no effect, or a proxy answers there";
  }
  if (!node.gone_ns) return "never went down: " + down_text(node);
  if (node.was_up) return down_text(node) + "; " + up_text(node);
  return "was not running before: " +
         (node.up_ns ? "started, not " + event : "it " + up_text(node));
}

NodeEvent event_of(const WatchedNode& node, const char* event, std::int64_t begun_ns) {
  return {node.name, event, true, false, {}, begun_ns, node.gone_ns, node.up_ns};
}

// From `from_ns` until the last of the nodes; nothing where one is not there.
void add_slowest(const NodeWatch& watch, const char* name, Moment moment, std::int64_t from_ns,
                 Effect& effect) {
  std::int64_t last = from_ns;
  for (const WatchedNode& node : watch.nodes()) {
    if (!(node.*moment)) return;
    last = std::max(last, *(node.*moment));
  }
  effect.metrics[name] = cli::to_ms(cli::Duration(last - from_ns));
}

bool is_up(const WatchedNode& node) { return node.up_ns && node.unseen_by.empty(); }

}  // namespace

void begin_faults(const NodeWatch& watch, const char* fault, std::int64_t at_ns, FaultLog& faults) {
  for (const WatchedNode& node : watch.nodes()) {
    if (node.was_up) faults.begin(node.name + fault, at_ns);
  }
}

Effect down_effect(const NodeWatch& watch, target::Verb verb, std::int64_t begun_ns,
                   BrokerDriver& driver) {
  // Stopping what is stopped leaves what was asked for; but nothing was killed.
  const bool is_kill = verb == target::Verb::kKill;
  Effect effect;
  for (const WatchedNode& node : watch.nodes()) {
    NodeEvent event = event_of(node, is_kill ? "killed" : "stopped", begun_ns);
    event.changed = node.was_up;
    event.confirmed = node.gone_ns && (node.was_up || !is_kill);
    event.detail =
        down_text(node) + behind(", ", driver.remark(node.name, node.gone_ns.has_value()));
    effect.events.push_back(std::move(event));
  }
  if (effect.confirmed()) add_slowest(watch, "stop_ms", &WatchedNode::gone_ns, begun_ns, effect);
  return effect;
}

Effect paused_effect(const NodeWatch& watch, std::int64_t begun_ns) {
  Effect effect;
  for (const WatchedNode& node : watch.nodes()) {
    NodeEvent event = event_of(node, "paused", begun_ns);
    event.changed = node.before.state != NodeState::kPaused;
    event.confirmed = node.gone_ns && node.was_up;
    if (event.confirmed) {
      event.detail = "takes connections, and does not answer";
    } else if (!node.was_up) {
      event.detail = "was not running";
    } else {
      event.detail = node.now.state && node.now.state != NodeState::kPaused
                         ? instance(node.now) + " is not paused"
                         : "it still answers, or takes no connections";
    }
    effect.events.push_back(std::move(event));
  }
  if (effect.confirmed()) add_slowest(watch, "pause_ms", &WatchedNode::gone_ns, begun_ns, effect);
  return effect;
}

Effect up_effect(const NodeWatch& watch, const char* name, std::int64_t begun_ns,
                 const Nodes& missing, BrokerDriver& driver) {
  Effect effect;
  for (const WatchedNode& node : watch.nodes()) {
    NodeEvent event = event_of(node, name, begun_ns);
    event.changed = std::ranges::find(missing, node.name) != missing.end();
    event.confirmed = is_up(node);
    event.detail = up_text(node) + behind(", ", driver.remark(node.name, event.confirmed));
    if (event.confirmed && !event.changed) {
      event.detail = "was running before" + behind(", ", instance(node.now));
    }
    effect.events.push_back(std::move(event));
  }
  add_slowest(watch, "start_ms", &WatchedNode::connect_ns, begun_ns, effect);
  add_slowest(watch, "ready_ms", &WatchedNode::up_ns, begun_ns, effect);
  return effect;
}

Effect cycle_effect(const NodeWatch& watch, const char* name, std::int64_t begun_ns,
                    std::int64_t up_begun_ns, BrokerDriver& driver) {
  Effect effect;
  std::int64_t last_gone = begun_ns;
  for (const WatchedNode& node : watch.nodes()) {
    NodeEvent event = event_of(node, name, begun_ns);
    last_gone = std::max(last_gone, node.gone_ns.value_or(begun_ns));
    event.confirmed = node.was_up && node.gone_ns && is_up(node);
    event.detail = cycle_text(node, name);
    event.detail += behind(", ", driver.remark(node.name, event.confirmed));
    effect.events.push_back(std::move(event));
  }
  add_slowest(watch, "stop_ms", &WatchedNode::gone_ns, begun_ns, effect);
  const std::int64_t from = up_begun_ns != 0 ? up_begun_ns : last_gone;
  add_slowest(watch, "start_ms", &WatchedNode::connect_ns, from, effect);
  add_slowest(watch, "ready_ms", &WatchedNode::up_ns, from, effect);
  return effect;
}

}  // namespace ks::ops
