#include "lib/ops/restart_command.h"

#include <algorithm>

#include "lib/ops/restart_verbs.h"
#include "lib/wire/place.h"

namespace ks::ops {
namespace {

namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;
using Commands = std::vector<cli::PrivateSettingArg>;

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
  add("command", po::value<Commands>(), "commands: VERB='shell command' (repeatable)");
  add("hard", "restart: kill instead of stop");
  add("grace", po::value<cli::DurationArg>(), "stop: from SIGTERM to SIGKILL (default 10s)");
  return options;
}

Result<void> take_commands(const Commands& commands, target::Driver& driver) {
  static const Words kVerbs{"stop", "kill", "start", "restart", "status"};
  for (const cli::PrivateSettingArg& command : commands) {
    if (std::find(kVerbs.begin(), kVerbs.end(), command.name) == kVerbs.end()) {
      return cli::fail("not one of stop, kill, start, restart or status", "--command",
                       "write it like --command stop='docker stop broker'");
    }
    driver.kind = "commands";
    driver.commands[command.name] = command.value;
  }
  return {};
}

// What the command line says of the driver goes above the profile.
Result<void> take_driver(tool::Session& session) {
  target::Driver& driver = session.profile.driver;
  if (const auto dir = session.option<std::string>("driver-dir", ""); !dir.empty()) {
    driver.kind = "process";
    driver.dir = dir;
    // The folder says where its brokers are; the profile's are of another environment.
    if (!session.has("brokers")) session.profile.brokers.clear();
    session.result.brokers = session.profile.brokers;
  }
  if (session.has("brokers")) driver.brokers.clear();
  if (auto ok = take_commands(session.option<Commands>("command", {}), driver); !ok) return ok;
  const auto kind = session.option<std::string>("driver", driver.kind);
  if (kind != "none" && kind != "process" && kind != "commands") {
    return cli::fail("unknown driver '" + kind + "'", "--driver", "choose process or commands");
  }
  driver.kind = kind;
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

// What is done to other brokers proves nothing of those under test.
Result<void> require_brokers(const target::BrokerDriver& driver, const target::Profile& profile) {
  if (profile.driver.kind != "process") return {};  // commands say themselves what they act on
  const auto nodes = driver.nodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  const auto addresses = driver.addresses(*nodes);
  if (!addresses) return tl::make_unexpected(addresses.error());
  Words known;
  for (const wire::Address& address : *addresses) known.push_back(address.text());
  for (const std::string& broker : profile.brokers) {
    if (!wire::is_elsewhere(broker, known)) continue;
    return cli::fail("the cluster folder has no broker at " + broker, profile.driver.dir,
                     "give the folder of the brokers under test");
  }
  return {};
}

Result<void> run(tool::Session& session) {
  static const Words kVerbs{"stop", "kill", "start", "restart", "status", "wait-ready"};
  const std::string verb = session.words.empty() ? "" : session.words.front();
  if (std::find(kVerbs.begin(), kVerbs.end(), verb) == kVerbs.end()) {
    return cli::fail(verb.empty() ? "no command given" : "unknown command '" + verb + "'", {},
                     "choose stop, kill, start, restart, status or wait-ready");
  }
  target::Profile& profile = session.profile;
  if (auto ok = take_driver(session); !ok) return ok;
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
  if (auto ok = require_brokers(**driver, profile); !ok) return ok;
  if (verb == "status") return show_status(session, **driver, *nodes);
  if (verb == "wait-ready") return wait_ready(session, **driver, *nodes);
  return act(session, **driver, verb, *nodes);
}

}  // namespace

tool::Spec restart_command() {
  return {"ks-restart", "COMMAND [NODE...] [options]", kAbout,
          options(),    std::chrono::seconds(30),      false,
          run};
}

}  // namespace ks::ops
