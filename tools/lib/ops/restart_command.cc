#include "lib/ops/restart_command.h"

#include <algorithm>
#include <array>
#include <random>

#include "lib/ops/restart_commands.h"
#include "lib/wire/place.h"

namespace ks::ops {
namespace {

namespace po = cli::po;
using cli::Result;
using target::Nodes;
using target::Verb;
using Commands = std::vector<cli::PrivateSettingArg>;

constexpr const char* kAbout =
    R"(Commands: stop, kill, pause, continue, start, restart, replace, rolling, scale N, status,
wait-ready. Without nodes a command acts on all of them. An effect that is not seen from outside is
inconclusive (status 3). replace kills a node and starts another in its place, without its data and
with a new id. rolling restarts one node after the other, each when the one before it answers and
every other broker lists it. Of several nodes, scale N leaves the first N running.

  ks-restart status
  ks-restart restart broker-1 --hard --history runs/a
  ks-restart kill --random 1 --seed 7
  ks-restart restart --command stop='systemctl stop kafscale' --command start='systemctl start kafscale'
  ks-restart wait-ready -b 127.0.0.1:39092 --timeout 10s
)";

constexpr std::array kVerbs{Verb::kStop,  Verb::kKill,    Verb::kPause,   Verb::kContinue,
                            Verb::kStart, Verb::kRestart, Verb::kReplace, Verb::kRolling,
                            Verb::kScale, Verb::kStatus};
constexpr const char* kWaitReady = "wait-ready";

po::options_description options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("brokers,b", po::value<std::string>(), "bootstrap addresses, host:port[,host:port]");
  add("driver", po::value<std::string>(),
      "process, compose, kubectl or commands (default: the profile's)");
  add("driver-dir", po::value<std::string>(), "process: the cluster's folder");
  add("command", po::value<Commands>(), "commands: VERB='shell command' (repeatable)");
  add("hard", "restart, rolling: kill instead of stop");
  add("grace", po::value<cli::DurationArg>(), "stop: from SIGTERM to SIGKILL (default 10s)");
  add("random", po::value<cli::CountArg>(), "act on N nodes, chosen by chance");
  add("seed", po::value<cli::CountArg>(), "--random: what the chance depends on");
  return options;
}

std::string list_of(const auto& names) {
  std::string list;
  for (const auto& name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

Result<void> take_commands(const Commands& commands, target::Driver& driver) {
  for (const cli::PrivateSettingArg& command : commands) {
    if (std::ranges::find(target::kCommandVerbs, command.name) == target::kCommandVerbs.end()) {
      return cli::fail("not one of " + list_of(target::kCommandVerbs), "--command",
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
    driver.brokers.clear();
    session.result.brokers = session.profile.brokers;
  }
  if (session.has("brokers")) driver.brokers.clear();
  if (auto ok = take_commands(session.option<Commands>("command", {}), driver); !ok) return ok;
  const auto kind = session.option<std::string>("driver", driver.kind);
  static constexpr std::array kKinds{"none", "process", "compose", "kubectl", "commands"};
  if (std::ranges::find(kKinds, kind) == kKinds.end()) {
    return cli::fail("unknown driver '" + kind + "'", "--driver",
                     "choose process, compose, kubectl or commands");
  }
  driver.kind = kind;
  return {};
}

// Some of `all`. The same seed chooses the same of the same, on every machine.
Result<Nodes> random_nodes(tool::Session& session, Nodes all) {
  const std::size_t count = session.option<cli::CountArg>("random", {}).value;
  if (count == 0 || count > all.size()) {
    return cli::fail("cannot choose that many nodes", "--random",
                     "give 1 to " + std::to_string(all.size()));
  }
  const auto seed = session.option<cli::CountArg>("seed", {std::random_device{}()}).value;
  session.result.metrics["seed"] = static_cast<double>(seed);
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + random() % (all.size() - i)]);
  all.resize(count);
  return all;
}

// The nodes named on the command line, chosen by chance, or all.
Result<Nodes> chosen_nodes(tool::Session& session, target::BrokerDriver& driver) {
  auto all = driver.nodes();
  if (!all) return all;
  const Nodes named(session.words.begin() + 1, session.words.end());
  if (session.has("random") && !named.empty()) {
    return cli::fail("nodes and --random", named.front(), "give one of the two");
  }
  if (all->empty()) return cli::fail("there is no node", "driver", "scale it up first");
  if (session.has("random")) return random_nodes(session, std::move(*all));
  for (const std::string& name : named) {
    if (std::ranges::find(*all, name) != all->end()) continue;
    return cli::fail("no such node", name, "there are " + list_of(*all));
  }
  return named.empty() ? all : named;
}

// What is done to other brokers proves nothing of those under test. Where a proxy is in front of
// them, the profile says which they are.
Result<void> require_brokers(target::BrokerDriver& driver, const target::Profile& profile) {
  if (profile.driver.kind != "process") return {};  // others say themselves what they act on
  const auto nodes = driver.nodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  const auto addresses = driver.addresses(*nodes);
  if (!addresses) return tl::make_unexpected(addresses.error());
  const std::vector<std::string> known = wire::texts(*addresses);
  const auto& own = profile.driver.brokers;
  for (const std::string& broker : own.empty() ? profile.brokers : own) {
    if (!wire::is_elsewhere(broker, known)) continue;
    return cli::fail("the cluster folder has no broker at " + broker, profile.driver.dir,
                     "give the folder of the brokers under test");
  }
  return {};
}

// Which command is given; wait-ready is none of the drivers' and reads as status.
Result<Verb> verb_of(const tool::Session& session) {
  const std::string word = session.words.empty() ? "" : session.words.front();
  if (word == kWaitReady) return Verb::kStatus;
  for (const Verb verb : kVerbs) {
    if (word == target::to_string(verb)) return verb;
  }
  std::vector<std::string> words;
  for (const Verb verb : kVerbs) words.emplace_back(target::to_string(verb));
  return cli::fail(word.empty() ? "no command given" : "unknown command '" + word + "'", {},
                   "choose " + list_of(words) + " or " + kWaitReady);
}

Result<std::size_t> scale_count(const tool::Session& session) {
  const auto count = session.words.size() == 2 ? cli::parse_count(session.words[1])
                                               : cli::Result<std::uint64_t>(cli::fail("no number"));
  if (count) return static_cast<std::size_t>(*count);
  return cli::fail("not a number of brokers", "scale", "write ks-restart scale 3");
}

Result<void> run(tool::Session& session) {
  const auto verb = verb_of(session);
  if (!verb) return tl::make_unexpected(verb.error());
  target::Profile& profile = session.profile;
  if (auto ok = take_driver(session); !ok) return ok;
  if (*verb != Verb::kStatus && profile.driver.kind == "none") {
    return cli::fail("no driver to " + std::string(target::to_string(*verb)) + " brokers with",
                     "profile " + profile.name,
                     "add a driver to the profile, or give --driver-dir or --command");
  }
  VerbRequest request{*verb, {}, session.has("hard")};
  if (*verb == Verb::kScale) {
    const auto count = scale_count(session);
    if (!count) return tl::make_unexpected(count.error());
    request.count = *count;
  }
  target::DriverBounds bounds;
  bounds.timeout = session.timeout;
  bounds.grace = session.option<cli::DurationArg>("grace", {bounds.grace}).value;
  const auto driver = target::make_driver(profile, bounds);
  if (!driver) return tl::make_unexpected(driver.error());
  if (*verb != Verb::kScale) {
    auto nodes = chosen_nodes(session, **driver);
    if (!nodes) return tl::make_unexpected(nodes.error());
    request.nodes = std::move(*nodes);
  }
  if (auto ok = require_brokers(**driver, profile); !ok) return ok;
  if (session.words.front() == kWaitReady) return wait_ready(session, **driver, request.nodes);
  if (*verb == Verb::kStatus) return show_status(session, **driver, request.nodes);
  return act(session, **driver, request);
}

}  // namespace

tool::Spec restart_command() {
  tool::Spec spec{"ks-restart", "COMMAND [NODE...] [options]", kAbout,
                  options(),    std::chrono::seconds(30),      false,
                  run};
  spec.timeout_bounds = "each step of a command to show its effect";
  return spec;
}

}  // namespace ks::ops
