#include "lib/target/process_driver.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "lib/cli/file.h"
#include "lib/target/port.h"
#include "lib/target/wait.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;
using cli::Result;

// 0 only asks whether it would be allowed.
Result<void> send_signal(const NodeFolder& node, int signal) {
  const auto process = node.running();
  // A process that ended in between is what was wanted.
  if (!process || ::kill(process->pid, signal) == 0 || errno == ESRCH) return {};
  return cli::fail("cannot signal process " + std::to_string(process->pid), node.name(),
                   cli::system_error(errno));
}

Result<void> send_signal(const std::vector<NodeFolder>& nodes, int signal) {
  for (const NodeFolder& node : nodes) {
    if (auto sent = send_signal(node, signal); !sent) return sent;
  }
  return {};
}

bool none_runs(const std::vector<NodeFolder>& nodes) {
  return std::ranges::none_of(nodes, [](const NodeFolder& n) { return n.running().has_value(); });
}

Result<void> check_replaceable(const NodeFolder& node) {
  const auto id = node.id();
  if (!id) return tl::make_unexpected(id.error());
  if (*id) return {};
  return cli::fail("the node cannot be replaced: it has no file that gives it its id",
                   node.id_path().string(), "write the id there, and let `run` read it");
}

}  // namespace

ProcessDriver::ProcessDriver(fs::path cluster, const DriverBounds& bounds)
    : cluster_(std::move(cluster)), bounds_(bounds) {}

Result<Nodes> ProcessDriver::nodes() { return list_nodes(cluster_); }

std::chrono::milliseconds ProcessDriver::interval() const { return kPollInterval; }

Result<std::vector<wire::Address>> ProcessDriver::addresses(const Nodes& nodes) const {
  const auto folders = open(nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  std::vector<wire::Address> list;
  for (const NodeFolder& node : *folders) list.push_back(node.address());
  return list;
}

Result<std::vector<NodeFolder>> ProcessDriver::open(const Nodes& nodes) const {
  std::vector<NodeFolder> folders;
  for (const std::string& name : nodes) {
    auto folder = NodeFolder::open(cluster_, name);
    if (!folder) return tl::make_unexpected(folder.error());
    folders.push_back(std::move(*folder));
  }
  return folders;
}

bool ProcessDriver::has(Verb verb) const {
  return verb == Verb::kStop || verb == Verb::kKill || verb == Verb::kPause ||
         verb == Verb::kContinue || verb == Verb::kStart || verb == Verb::kReplace;
}

Result<void> ProcessDriver::check(const Order& order) {
  const auto folders = open(order.nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  for (const NodeFolder& node : *folders) {
    if (auto allowed = send_signal(node, 0); !allowed) return allowed;
    if (order.verb == Verb::kStart && !node.running()) {
      auto ready = check_launch(node, cli::Clock::now() + bounds_.timeout);
      if (!ready) return ready;
    }
    if (order.verb != Verb::kReplace) continue;
    if (auto ok = check_replaceable(node); !ok) return ok;
  }
  return {};
}

Result<void> ProcessDriver::give(const Order& order, const Patience& patience) {
  const auto folders = open(order.nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  switch (order.verb) {
    case Verb::kStop:
      return end(*folders, false, patience);
    case Verb::kKill:
      return end(*folders, true, patience);
    case Verb::kPause:
      return send_signal(*folders, SIGSTOP);
    case Verb::kContinue:
      return send_signal(*folders, SIGCONT);
    default:
      break;
  }
  // All at once: the nodes of a quorum answer only when enough of them run.
  std::int32_t id = order.id;
  for (const NodeFolder& node : *folders) {
    if (order.verb == Verb::kReplace) {
      if (auto renewed = node.renew(id++); !renewed) return renewed;
    }
    if (auto started = start(node); !started) return started;
  }
  return {};
}

Result<void> ProcessDriver::start(const NodeFolder& node) {
  if (node.running()) return {};
  auto free = check_launch(node, cli::Clock::now() + bounds_.timeout);
  if (!free) return free;
  auto launched = launch(node);
  if (!launched) return tl::make_unexpected(launched.error());
  launched_.insert_or_assign(node.name(), std::move(*launched));
  return {};
}

// In order: SIGTERM, then SIGKILL to those that have not ended within the grace time.
Result<void> ProcessDriver::end(const std::vector<NodeFolder>& nodes, bool at_once,
                                const Patience& patience) {
  const auto none_is_left = [&] {
    if (patience.meanwhile) patience.meanwhile();
    return none_runs(nodes);
  };
  for (const NodeFolder& node : nodes) {
    launched_.erase(node.name());
    forced_.erase(node.name());
  }
  if (!at_once) {
    if (auto sent = send_signal(nodes, SIGTERM); !sent) return sent;
    // One that is paused hears only this.
    if (auto sent = send_signal(nodes, SIGCONT); !sent) return sent;
    // Who stops us does not mean to cut the nodes' own ending short.
    wait_unmoved(none_is_left,
                 std::min<cli::Deadline>(patience.deadline, cli::Clock::now() + bounds_.grace));
    for (const NodeFolder& node : nodes) {
      if (node.running()) forced_.insert(node.name());
    }
  }
  if (auto sent = send_signal(nodes, SIGKILL); !sent) return sent;
  wait_until(none_is_left, patience.deadline);
  for (const NodeFolder& node : nodes) {
    if (node.running()) continue;
    if (auto removed = node.remove_pid(); !removed) return removed;
  }
  return {};
}

Result<std::vector<Sight>> ProcessDriver::look(const Nodes& nodes) {
  const auto folders = open(nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  std::vector<Sight> sights;
  for (const NodeFolder& node : *folders) {
    Sight sight{NodeState::kStopped, "pid", {}, {}};
    if (const auto process = node.running()) {
      sight.state = is_paused(*process) ? NodeState::kPaused : NodeState::kRunning;
      sight.id = std::to_string(process->pid);
      sight.since = std::to_string(process->start_ticks);
    }
    const auto launched = launched_.find(node.name());
    if (launched != launched_.end() && launched->second.has_ended()) {
      sight.death = launched->second.death();
    }
    sights.push_back(std::move(sight));
  }
  return sights;
}

std::string ProcessDriver::remark(const std::string& node, bool confirmed) {
  if (forced_.contains(node)) return "by SIGKILL: SIGTERM did not end it in time";
  if (confirmed) return {};
  if (const auto launched = launched_.find(node); launched != launched_.end()) {
    return launched->second.port_conflict();
  }
  const auto folder = NodeFolder::open(cluster_, node);
  if (!folder || folder->running()) return {};
  const auto holder = find_port_holder(folder->address().port, 0);
  return holder ? "held by " + holder->text() : "";
}

Result<std::int32_t> ProcessDriver::highest_id() {
  const auto all = nodes();
  if (!all) return tl::make_unexpected(all.error());
  const auto folders = open(*all);
  if (!folders) return tl::make_unexpected(folders.error());
  std::int32_t highest = -1;
  for (const NodeFolder& node : *folders) {
    const auto id = node.id();
    if (!id) return tl::make_unexpected(id.error());
    highest = std::max(highest, id->value_or(-1));
  }
  return highest;
}

}  // namespace ks::target
