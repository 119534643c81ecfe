// ks-restart: ends and starts brokers through the profile's driver, and confirms it from outside.

#include <algorithm>

#include "lib/cli/log.h"
#include "lib/target/driver.h"
#include "lib/target/readiness.h"
#include "lib/target/wait.h"
#include "lib/tool/tool.h"

namespace ks {
namespace {

namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

constexpr const char* kAbout = R"(Commands: stop, kill, start, restart, status, wait-ready.
Without nodes a command acts on all of them. An effect that is not seen from outside is
inconclusive (status 3).

  ks-restart status
  ks-restart restart broker-1 --hard
  ks-restart restart --command stop='systemctl stop kafscale' --command start='systemctl start kafscale'
  ks-restart wait-ready -b 127.0.0.1:39092 --timeout 10s
)";

po::options_description options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("brokers,b", po::value<std::string>(), "bootstrap addresses, host:port[,host:port]");
  add("driver", po::value<std::string>(), "process or commands (default: the profile's)");
  add("driver-dir", po::value<std::string>(), "process: the cluster's folder");
  add("command", po::value<Words>(), "commands: VERB='shell command' (repeatable)");
  add("hard", "restart: kill instead of stop");
  add("grace", po::value<cli::DurationArg>(), "stop: from SIGTERM to SIGKILL (default 10s)");
  return options;
}

Result<void> take_commands(const Words& words, target::Driver& driver) {
  static const Words kVerbs{"stop", "kill", "start", "restart", "status"};
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string verb = word.substr(0, equals);
    if (equals == std::string::npos ||
        std::find(kVerbs.begin(), kVerbs.end(), verb) == kVerbs.end()) {
      return cli::fail("not a command '" + word + "'", "--command",
                       "write it like --command stop='docker stop broker'");
    }
    driver.kind = "commands";
    driver.commands[verb] = word.substr(equals + 1);
  }
  return {};
}

// What the command line says of brokers and driver goes above the profile.
Result<void> apply_flags(tool::Session& session) {
  target::Profile& profile = session.profile;
  if (const auto list = session.option<std::string>("brokers", ""); !list.empty()) {
    const auto addresses = wire::parse_addresses(list);
    if (!addresses) return tl::make_unexpected(addresses.error());
    profile.brokers.clear();
    for (const wire::Address& address : *addresses) profile.brokers.push_back(address.text());
    session.result.brokers = profile.brokers;
  }
  if (const auto dir = session.option<std::string>("driver-dir", ""); !dir.empty()) {
    profile.driver.kind = "process";
    profile.driver.dir = dir;
  }
  if (auto ok = take_commands(session.option<Words>("command", {}), profile.driver); !ok) return ok;
  const auto kind = session.option<std::string>("driver", profile.driver.kind);
  if (kind != "none" && kind != "process" && kind != "commands") {
    return cli::fail("unknown driver '" + kind + "'", "--driver", "choose process or commands");
  }
  profile.driver.kind = kind;
  return {};
}

// The nodes named on the command line, or all.
Result<Words> chosen_nodes(const tool::Session& session, const target::BrokerDriver& driver) {
  auto all = driver.nodes();
  if (!all) return all;
  const Words named(session.words.begin() + 1, session.words.end());
  for (const std::string& name : named) {
    if (std::find(all->begin(), all->end(), name) != all->end()) continue;
    std::string known;
    for (const std::string& node : *all) known += (known.empty() ? "" : ", ") + node;
    return cli::fail("no such node", name, "there are " + known);
  }
  return named.empty() ? all : named;
}

void record(const target::Effect& effect, tool::Session& session) {
  report::Result& result = session.result;
  result.metrics.insert(effect.metrics.begin(), effect.metrics.end());
  result.metrics["nodes"] = static_cast<double>(effect.events.size());
  result.data = nlohmann::ordered_json::array();
  for (const target::NodeEvent& event : effect.events) {
    result.data.push_back({{"node", event.node},
                           {"event", event.event},
                           {"changed", event.changed},
                           {"confirmed", event.confirmed},
                           {"detail", event.detail},
                           {"at", cli::format_rfc3339(event.at_ns)}});
    if (event.confirmed) {
      cli::log_info(event.node + " " + event.event + ": " + event.detail);
    } else {
      result.lower_to(report::Status::kInconclusive,
                      event.node + " not confirmed as " + event.event + ": " + event.detail);
    }
  }
}

std::string status_line(const target::NodeStatus& status) {
  const std::string pid = status.pid == 0 ? "-" : std::to_string(status.pid);
  return status.node + " " + pid + " " + std::string(target::to_string(status.state)) + " " +
         status.address;
}

Result<void> show_status(tool::Session& session, target::BrokerDriver& driver, const Words& nodes) {
  const auto list = driver.status(nodes);
  if (!list) return tl::make_unexpected(list.error());
  double running = 0;
  double answering = 0;
  std::string silent;
  session.result.data = nlohmann::ordered_json::array();
  for (const target::NodeStatus& status : *list) {
    running += status.state != target::NodeState::kStopped ? 1 : 0;
    answering += status.state == target::NodeState::kAnswers ? 1 : 0;
    const std::string state(target::to_string(status.state));
    if (status.state != target::NodeState::kAnswers) {
      silent.append(" ").append(status.node).append(" is ").append(state);
    }
    session.print(status_line(status));
    session.result.data.push_back({{"node", status.node},
                                   {"pid", status.pid},
                                   {"state", state},
                                   {"address", status.address}});
  }
  session.result.metrics["nodes"] = static_cast<double>(list->size());
  session.result.metrics["nodes_running"] = running;
  session.result.metrics["restartable"] = session.profile.driver.kind == "none" ? 0 : 1;
  session.result.metrics["nodes_answering"] = answering;
  if (!silent.empty()) {
    session.result.lower_to(report::Status::kFail, "not every node answers:" + silent);
  }
  return {};
}

// Asks the addresses alone.
Result<void> wait_ready(tool::Session& session, const std::vector<wire::Address>& addresses) {
  const cli::Deadline deadline = session.deadline();
  target::ReadinessWatch watch(addresses);
  const bool ready = target::wait_until([&] { return watch.all_answer(deadline); }, deadline);
  session.result.metrics = watch.metrics();
  session.result.metrics["nodes"] = static_cast<double>(addresses.size());
  if (ready) return {};
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (watch.answers(i)) continue;
    return cli::fail("broker is not ready", watch.missing(i),
                     "is it running, and is the address right?");
  }
  return {};
}

Result<void> act(tool::Session& session, target::BrokerDriver& driver, const std::string& verb,
                 const Words& nodes) {
  Result<target::Effect> effect = verb == "stop"    ? driver.stop(nodes)
                                  : verb == "kill"  ? driver.kill(nodes)
                                  : verb == "start" ? driver.start(nodes)
                                                    : driver.restart(nodes, session.has("hard"));
  if (!effect) return tl::make_unexpected(effect.error());
  record(*effect, session);
  return {};
}

Result<void> run(tool::Session& session) {
  static const Words kVerbs{"stop", "kill", "start", "restart", "status", "wait-ready"};
  const std::string verb = session.words.empty() ? "" : session.words.front();
  if (std::find(kVerbs.begin(), kVerbs.end(), verb) == kVerbs.end()) {
    return cli::fail(verb.empty() ? "no command given" : "unknown command '" + verb + "'", {},
                     "choose stop, kill, start, restart, status or wait-ready");
  }
  if (auto ok = apply_flags(session); !ok) return ok;
  const target::Profile& profile = session.profile;
  const bool acts = verb != "status" && verb != "wait-ready";
  if (acts && profile.driver.kind == "none") {
    return cli::fail("no driver to " + verb + " brokers with", "profile " + profile.name,
                     "add a driver to the profile, or give --driver-dir or --command");
  }
  target::DriverBounds bounds;
  bounds.timeout = session.timeout;
  bounds.grace = session.option<cli::DurationArg>("grace", {bounds.grace}).value;
  const auto driver = target::make_driver(profile, bounds);
  if (!driver) return tl::make_unexpected(driver.error());
  const auto nodes = chosen_nodes(session, **driver);
  if (!nodes) return tl::make_unexpected(nodes.error());
  if (verb == "status") return show_status(session, **driver, *nodes);
  if (verb == "wait-ready") {
    const auto addresses = (*driver)->addresses(*nodes);
    if (!addresses) return tl::make_unexpected(addresses.error());
    return wait_ready(session, *addresses);
  }
  return act(session, **driver, verb, *nodes);
}

}  // namespace
}  // namespace ks

int main(int argc, char** argv) {
  ks::tool::Spec spec;
  spec.name = "ks-restart";
  spec.synopsis = "COMMAND [NODE...] [options]";
  spec.about = ks::kAbout;
  spec.options.add(ks::options());
  spec.needs_broker = false;
  spec.run = ks::run;
  return ks::tool::main_of(spec, argc, argv);
}
