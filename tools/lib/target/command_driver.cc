#include "lib/target/command_driver.h"

#include <algorithm>

#include "lib/target/port.h"
#include "lib/target/readiness.h"
#include "lib/target/shell_command.h"
#include "lib/target/wait.h"

namespace ks::target {
namespace {

using cli::Result;

// One address while a command acts on it.
struct Watched {
  wire::Address address;
  bool was_up = false;    // before the command
  bool was_down = false;  // seen refusing connections since
};

std::vector<Watched> watch(const std::vector<wire::Address>& addresses, cli::Deadline deadline) {
  std::vector<Watched> list;
  for (const wire::Address& address : addresses) {
    list.push_back({address, accepts_connections(address, deadline)});
  }
  return list;
}

// Looks once at each address that was not yet seen down; whether all were.
bool all_were_down(std::vector<Watched>& list, cli::Deadline deadline) {
  for (Watched& watched : list) {
    watched.was_down = watched.was_down || !accepts_connections(watched.address, deadline);
  }
  return std::all_of(list.begin(), list.end(), [](const Watched& w) { return w.was_down; });
}

void do_nothing() {}

std::string name_of(const std::string& verb) { return "the " + verb + " command"; }

NodeEvent ended_event(const Watched& watched, const char* name) {
  NodeEvent event{watched.address.text(), name, watched.was_up,
                  watched.was_down,       {},   cli::wall_ns()};
  if (!watched.was_up) {
    event.confirmed = std::string_view(name) == "stopped";
    event.detail = "was not running";
  } else {
    event.detail = watched.was_down ? "refuses connections"
                                    : "still accepts connections: the command had no effect";
  }
  return event;
}

NodeEvent started_event(const Watched& watched, const ReadinessWatch& readiness,
                        std::size_t index) {
  NodeEvent event{watched.address.text(),   "started", !watched.was_up,
                  readiness.answers(index), {},        cli::wall_ns()};
  if (event.confirmed) {
    event.detail = watched.was_up ? "was running before" : "answers";
  } else {
    event.detail = readiness.missing(index);
  }
  return event;
}

NodeEvent restarted_event(const Watched& watched, const ReadinessWatch& readiness,
                          std::size_t index) {
  NodeEvent event = started_event(watched, readiness, index);
  event.event = "restarted";
  event.changed = true;
  event.confirmed = watched.was_up && watched.was_down && readiness.answers(index);
  if (!watched.was_up) {
    event.detail = "was not running before: started, not restarted";
  } else if (!watched.was_down) {
    event.detail = "never refused connections: the command had no effect, or a proxy answers there";
  } else if (event.confirmed) {
    event.detail = "refused connections, answers again";
  }
  return event;
}

}  // namespace

CommandDriver::CommandDriver(std::vector<std::string> brokers,
                             std::map<std::string, std::string> commands,
                             const DriverBounds& bounds)
    : brokers_(std::move(brokers)), commands_(std::move(commands)), bounds_(bounds) {}

Result<BrokerDriver::Nodes> CommandDriver::nodes() const {
  if (brokers_.empty()) {
    return cli::fail("no broker given", "profile", "use -b or set KS_BROKERS");
  }
  return brokers_;
}

Result<std::vector<wire::Address>> CommandDriver::addresses(const Nodes& nodes) const {
  std::vector<wire::Address> list;
  for (const std::string& node : nodes) {
    auto address = wire::parse_address(node);
    if (!address) return tl::make_unexpected(address.error());
    list.push_back(std::move(*address));
  }
  return list;
}

Result<std::string> CommandDriver::command_of(const std::string& verb) const {
  const auto found = commands_.find(verb);
  if (found != commands_.end()) return found->second;
  return cli::fail(
      "no command for '" + verb + "'", "driver",
      "add driver.commands." + verb + " to the profile, or --command " + verb + "='...'");
}

Result<Effect> CommandDriver::end(const std::string& verb, const char* event, const Nodes& nodes) {
  const auto command = command_of(verb);
  if (!command) return tl::make_unexpected(command.error());
  const auto listeners = addresses(nodes);
  if (!listeners) return tl::make_unexpected(listeners.error());
  const cli::Deadline begun = cli::Clock::now();
  const cli::Deadline deadline = begun + bounds_.timeout;
  std::vector<Watched> watched = watch(*listeners, deadline);
  if (auto ran = run_shell_command(name_of(verb), *command, nodes, do_nothing, deadline); !ran) {
    return tl::make_unexpected(ran.error());
  }
  wait_until([&] { return all_were_down(watched, deadline); }, deadline);
  Effect effect;
  for (const Watched& w : watched) effect.events.push_back(ended_event(w, event));
  if (effect.confirmed()) effect.metrics["stop_ms"] = cli::to_ms(cli::Clock::now() - begun);
  return effect;
}

Result<Effect> CommandDriver::start(const Nodes& nodes) {
  const auto command = command_of("start");
  if (!command) return tl::make_unexpected(command.error());
  const auto listeners = addresses(nodes);
  if (!listeners) return tl::make_unexpected(listeners.error());
  const cli::Deadline deadline = cli::Clock::now() + bounds_.timeout;
  std::vector<Watched> watched = watch(*listeners, deadline);
  ReadinessWatch readiness(*listeners);
  if (!readiness.all_answer(deadline)) {
    if (auto ran = run_shell_command(name_of("start"), *command, nodes, do_nothing, deadline);
        !ran) {
      return tl::make_unexpected(ran.error());
    }
  }
  wait_until([&] { return readiness.all_answer(deadline); }, deadline);
  Effect effect{{}, readiness.metrics()};
  for (std::size_t i = 0; i < watched.size(); ++i) {
    effect.events.push_back(started_event(watched[i], readiness, i));
  }
  return effect;
}

Result<Effect> CommandDriver::restart(const Nodes& nodes, bool hard) {
  if (hard || commands_.count("restart") == 0) return BrokerDriver::restart(nodes, hard);
  const auto listeners = addresses(nodes);
  if (!listeners) return tl::make_unexpected(listeners.error());
  const cli::Deadline begun = cli::Clock::now();
  const cli::Deadline deadline = begun + bounds_.timeout;
  std::vector<Watched> watched = watch(*listeners, deadline);
  // Some commands return before anything happened, others when all is over: look all the time.
  const auto look = [&] { all_were_down(watched, deadline); };
  if (auto ran =
          run_shell_command(name_of("restart"), commands_.at("restart"), nodes, look, deadline);
      !ran) {
    return tl::make_unexpected(ran.error());
  }
  Effect effect;
  if (wait_until([&] { return all_were_down(watched, deadline); }, deadline)) {
    effect.metrics["stop_ms"] = cli::to_ms(cli::Clock::now() - begun);
  }
  ReadinessWatch readiness(*listeners);
  wait_until([&] { return readiness.all_answer(deadline); }, deadline);
  effect.metrics.merge(readiness.metrics());
  for (std::size_t i = 0; i < watched.size(); ++i) {
    effect.events.push_back(restarted_event(watched[i], readiness, i));
  }
  return effect;
}

Result<std::vector<NodeStatus>> CommandDriver::status(const Nodes& nodes) {
  const auto listeners = addresses(nodes);
  if (!listeners) return tl::make_unexpected(listeners.error());
  const cli::Deadline deadline = cli::Clock::now() + bounds_.timeout;
  if (const auto command = commands_.find("status"); command != commands_.end()) {
    auto ran = run_shell_command(name_of("status"), command->second, nodes, do_nothing, deadline);
    if (!ran) return tl::make_unexpected(ran.error());
  }
  std::vector<NodeStatus> list;
  for (const wire::Address& address : *listeners) {
    NodeStatus status{address.text(), NodeState::kStopped, 0, address.text()};
    if (answers_api_versions(address, deadline)) {
      status.state = NodeState::kAnswers;
    } else if (accepts_connections(address, deadline)) {
      status.state = NodeState::kRunning;
    }
    list.push_back(std::move(status));
  }
  return list;
}

}  // namespace ks::target
