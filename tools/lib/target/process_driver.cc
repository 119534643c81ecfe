#include "lib/target/process_driver.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/target/port.h"
#include "lib/target/readiness.h"
#include "lib/target/wait.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;
using cli::Result;

// A node that is being ended.
struct Ending {
  const NodeFolder* node;
  std::optional<ProcessId> process;  // absent: was not running
  bool gone = false;                 // neither its process nor a listener is left
  bool was_forced = false;           // SIGTERM was not enough

  bool process_runs() const { return process && is_alive(*process); }
};

// A node that is being started.
struct Starting {
  const NodeFolder* node;
  ProcessId process;
  bool launched = false;             // false: it was running before
  std::uintmax_t log_begin = 0;      // where this start's part of the log begins
  std::optional<int> exit_status{};  // it ended meanwhile
};

bool look_whether_gone(Ending& ending, cli::Deadline deadline) {
  ending.gone = ending.gone ||
                (!ending.process_runs() && !accepts_connections(ending.node->address(), deadline));
  return ending.gone;
}

bool all_gone(std::vector<Ending>& endings, cli::Deadline deadline) {
  // No short cut: each look also records what it saw.
  return std::count_if(endings.begin(), endings.end(),
                       [&](Ending& ending) { return !look_whether_gone(ending, deadline); }) == 0;
}

Result<void> send_signal(const Ending& ending, int signal) {
  // A process that ended in between is what was wanted.
  if (!ending.process_runs()) return {};
  if (::kill(ending.process->pid, signal) == 0 || errno == ESRCH) return {};
  return cli::fail("cannot signal process " + std::to_string(ending.process->pid),
                   ending.node->name(), cli::system_error(errno));
}

// SIGTERM, then SIGKILL to those that have not ended within the grace time.
Result<void> terminate(std::vector<Ending>& endings, const DriverBounds& bounds,
                       cli::Deadline deadline) {
  for (const Ending& ending : endings) {
    if (auto sent = send_signal(ending, SIGTERM); !sent) return sent;
  }
  const cli::Deadline grace_end = std::min(deadline, cli::Clock::now() + bounds.grace);
  if (wait_until([&] { return all_gone(endings, grace_end); }, grace_end)) return {};
  for (Ending& ending : endings) {
    ending.was_forced = ending.process_runs();
    if (auto sent = send_signal(ending, SIGKILL); !sent) return sent;
  }
  return {};
}

Result<void> kill_at_once(const std::vector<Ending>& endings) {
  for (const Ending& ending : endings) {
    if (auto sent = send_signal(ending, SIGKILL); !sent) return sent;
  }
  return {};
}

std::vector<Ending> begin_ending(const std::vector<NodeFolder>& nodes) {
  std::vector<Ending> endings;
  for (const NodeFolder& node : nodes) endings.push_back({&node, node.running()});
  return endings;
}

std::string how_it_went(const Ending& ending) {
  if (ending.process_runs())
    return "process " + std::to_string(ending.process->pid) + " still runs";
  std::string text = "was not running";
  if (ending.process) text = "pid " + std::to_string(ending.process->pid) + " is gone";
  if (!ending.gone) {
    const wire::Address& address = ending.node->address();
    const auto holder = find_port_holder(address.port, 0);
    text += ", but " + address.text() + " still accepts connections";
    if (holder) text += ", held by " + holder->text();
  }
  if (ending.was_forced) text += ", by SIGKILL: SIGTERM did not end it in time";
  return text;
}

Result<Effect> effect_of(const std::vector<Ending>& endings, const std::string& name,
                         cli::Deadline begun) {
  Effect effect;
  for (const Ending& ending : endings) {
    NodeEvent event{ending.node->name(), name,          ending.process.has_value(), ending.gone,
                    how_it_went(ending), cli::wall_ns()};
    // Stopping what is stopped leaves what was asked for; but nothing was killed.
    if (name == "killed") event.confirmed = event.confirmed && event.changed;
    effect.events.push_back(std::move(event));
    if (!ending.gone) continue;
    if (auto removed = ending.node->remove_pid(); !removed) {
      return tl::make_unexpected(removed.error());
    }
  }
  if (effect.confirmed()) effect.metrics["stop_ms"] = cli::to_ms(cli::Clock::now() - begun);
  return effect;
}

// Whoever picks free ports skips those whose lock file is locked. The broker inherits the lock, so
// it ends with the broker. That our caller may hold it already is no obstacle.
std::vector<Fd> lock_ports(const std::vector<std::uint16_t>& ports) {
  const std::string tmp = cli::environment("TMPDIR");
  const fs::path folder = fs::path(tmp.empty() ? "/tmp" : tmp) / "ks-ports";
  // Shared by all users of the machine, whatever our umask is.
  constexpr mode_t kForAll = 01777;
  if (::mkdir(folder.c_str(), kForAll) == 0) ::chmod(folder.c_str(), kForAll);
  std::vector<Fd> locks;
  for (const std::uint16_t port : ports) {
    const fs::path path = folder / (std::to_string(port) + ".lock");
    // Another user's file can be locked, but not opened for writing or with O_CREAT.
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) fd = ::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
    Fd lock(fd);
    if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) locks.push_back(std::move(lock));
  }
  return locks;
}

// What listens before we start would answer in the node's place, and be taken for it.
Result<void> check_ports_free(const NodeFolder& node, cli::Deadline deadline) {
  std::vector<wire::Address> addresses{node.address()};
  for (const std::uint16_t port : node.ports()) addresses.push_back({"127.0.0.1", port});
  for (const wire::Address& address : addresses) {
    if (!accepts_connections(address, deadline)) continue;
    const auto holder = find_port_holder(address.port, 0);
    return cli::fail(
        "port held by somebody else",
        node.name() + " at " + address.text() + (holder ? ", by " + holder->text() : ""),
        "end it, or choose other ports");
  }
  return {};
}

Result<Starting> launch(const NodeFolder& node, cli::Deadline deadline) {
  if (const auto process = node.running()) return Starting{&node, *process};
  if (auto free = check_ports_free(node, deadline); !free) {
    return tl::make_unexpected(free.error());
  }
  const fs::path log_path = node.log_path();
  const Fd log(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (log.get() < 0) {
    return cli::fail("cannot write", log_path.string(), cli::system_error(errno));
  }
  Starting starting{&node, {}, true, fs::file_size(log_path)};
  const std::vector<Fd> locks = lock_ports(node.ports());
  Spawn request{{fs::absolute(node.run_path()).string()}, log.get(), {}};
  for (const Fd& lock : locks) request.kept_fds.push_back(lock.get());
  const auto pid = spawn(request);
  if (!pid) return tl::make_unexpected(pid.error());
  // One that ended already has no start time to be known by; has_ended() will tell.
  starting.process = find_process(*pid).value_or(ProcessId{*pid, 0});
  if (auto written = node.write_pid(starting.process); !written) {
    return tl::make_unexpected(written.error());
  }
  return starting;
}

// Why a node that was launched cannot have bound its ports; empty where nothing points to that.
std::string port_conflict(const Starting& starting) {
  const NodeFolder& node = *starting.node;
  std::vector<std::uint16_t> ports = node.ports();
  ports.push_back(node.address().port);
  const bool in_use = tells_address_in_use(node.log_path(), starting.log_begin);
  for (const std::uint16_t port : ports) {
    const auto holder = find_port_holder(port, starting.process.pid);
    if (holder) return "port " + std::to_string(port) + " is held by " + holder->text();
  }
  return in_use ? "a port was in use, by whom cannot be told any more" : "";
}

bool has_ended(Starting& starting) {
  if (!starting.exit_status) starting.exit_status = poll_child(starting.process.pid);
  return starting.exit_status || !is_alive(starting.process);
}

tl::unexpected<cli::Error> death_error(const Starting& starting) {
  const NodeFolder& node = *starting.node;
  std::string what = node.name() + " ended while it started";
  if (starting.exit_status) what += " (status " + std::to_string(*starting.exit_status) + ")";
  if (const std::string conflict = port_conflict(starting); !conflict.empty()) {
    what += ", " + conflict;
  }
  const std::string line = last_error_line(node.log_path(), starting.log_begin);
  return cli::fail(what + (line.empty() ? "" : ", log: " + line), node.log_path().string());
}

NodeEvent event_of(const Starting& starting, const ReadinessWatch& watch, std::size_t index) {
  NodeEvent event{starting.node->name(), "started", starting.launched,
                  watch.answers(index),  {},        cli::wall_ns()};
  const std::string pid = "pid " + std::to_string(starting.process.pid);
  if (event.confirmed) {
    event.detail = starting.launched ? pid + " answers" : "was running before, " + pid;
    return event;
  }
  event.detail = pid + " runs, but " + watch.missing(index);
  if (const std::string conflict = port_conflict(starting); !conflict.empty()) {
    event.detail += "; " + conflict;
  }
  return event;
}

}  // namespace

ProcessDriver::ProcessDriver(fs::path cluster, DriverBounds bounds)
    : cluster_(std::move(cluster)), bounds_(std::move(bounds)) {}

Result<BrokerDriver::Nodes> ProcessDriver::nodes() const { return list_nodes(cluster_); }

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

Result<Effect> ProcessDriver::stop(const Nodes& nodes) {
  const auto folders = open(nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  const cli::Deadline begun = cli::Clock::now();
  const cli::Deadline deadline = begun + bounds_.timeout;
  std::vector<Ending> endings = begin_ending(*folders);
  if (auto sent = terminate(endings, bounds_, deadline); !sent) {
    return tl::make_unexpected(sent.error());
  }
  wait_until([&] { return all_gone(endings, deadline); }, deadline);
  return effect_of(endings, "stopped", begun);
}

Result<Effect> ProcessDriver::kill(const Nodes& nodes) {
  const auto folders = open(nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  const cli::Deadline begun = cli::Clock::now();
  const cli::Deadline deadline = begun + bounds_.timeout;
  std::vector<Ending> endings = begin_ending(*folders);
  if (auto sent = kill_at_once(endings); !sent) return tl::make_unexpected(sent.error());
  wait_until([&] { return all_gone(endings, deadline); }, deadline);
  return effect_of(endings, "killed", begun);
}

Result<Effect> ProcessDriver::start(const Nodes& nodes) {
  const auto folders = open(nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  const auto listeners = addresses(nodes);
  if (!listeners) return tl::make_unexpected(listeners.error());
  const cli::Deadline deadline = cli::Clock::now() + bounds_.timeout;
  ReadinessWatch watch(*listeners, bounds_.access);
  // All at once: the nodes of a quorum answer only when enough of them run.
  std::vector<Starting> starting;
  for (const NodeFolder& node : *folders) {
    const auto launched = launch(node, deadline);
    if (!launched) return tl::make_unexpected(launched.error());
    starting.push_back(*launched);
  }
  auto dead = starting.end();
  wait_until(
      [&] {
        const bool all_answer = watch.all_answer(deadline);
        dead = std::find_if(starting.begin(), starting.end(), has_ended);
        return all_answer || dead != starting.end();
      },
      deadline);
  if (dead != starting.end()) return death_error(*dead);
  Effect effect{{}, watch.metrics()};
  for (std::size_t i = 0; i < starting.size(); ++i) {
    effect.events.push_back(event_of(starting[i], watch, i));
  }
  return effect;
}

Result<std::vector<NodeStatus>> ProcessDriver::status(const Nodes& nodes) {
  const auto folders = open(nodes);
  if (!folders) return tl::make_unexpected(folders.error());
  const cli::Deadline deadline = cli::Clock::now() + bounds_.timeout;
  std::vector<NodeStatus> list;
  for (const NodeFolder& node : *folders) {
    NodeStatus status{node.name(), NodeState::kStopped, 0, node.address().text()};
    if (const auto process = node.running()) {
      status.pid = process->pid;
      status.state = answers_api_versions(node.address(), bounds_.access, deadline)
                         ? NodeState::kAnswers
                         : NodeState::kRunning;
    }
    list.push_back(std::move(status));
  }
  return list;
}

}  // namespace ks::target
