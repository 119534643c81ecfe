#include "lib/target/compose_driver.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lib/cli/project.h"
#include "lib/target/run_command.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;
using cli::Result;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

// `docker compose` where Docker has it, else docker-compose.
Result<Words> find_compose(cli::Deadline deadline) {
  if (run_program({"docker", "compose", "version"}, {deadline, {}})) {
    return Words{"docker", "compose"};
  }
  if (!find_program("docker-compose").empty()) return Words{"docker-compose"};
  return cli::fail("neither `docker compose` nor docker-compose is here", "PATH",
                   "install one of them, or give the profile another driver");
}

// A file of the profile: from where we stand, or from the project's folder.
Result<std::string> find_file(const std::string& key, const std::string& name) {
  std::error_code ignored;
  if (fs::exists(name, ignored)) return name;
  const fs::path in_project = cli::find_in_project(name);
  if (!in_project.empty() && fs::exists(in_project, ignored)) return in_project.string();
  return cli::fail("no such file", name, "correct " + key + " of the profile");
}

Result<void> check_keys(const Driver& driver, std::size_t brokers) {
  for (const auto& [key, is_missing] :
       {std::pair{"file", driver.file.empty()}, std::pair{"project", driver.project.empty()},
        std::pair{"services", driver.services.empty()}}) {
    if (!is_missing) continue;
    return cli::fail("the compose driver needs driver." + std::string(key), "profile",
                     "write kind, file, project and services");
  }
  if (brokers != driver.services.size()) {
    return cli::fail("the compose driver needs an address for each service",
                     std::to_string(driver.services.size()) + " services, " +
                         std::to_string(brokers) + " brokers",
                     "list them in the same order");
  }
  if (!driver.id_variables.empty() && driver.id_variables.size() != driver.services.size()) {
    return cli::fail("not one variable for each service", "driver.id_variables",
                     "list them in the services' order");
  }
  return {};
}

Words split_lines(const std::string& text) {
  std::istringstream in(text);
  Words lines;
  for (std::string line; in >> line;) lines.push_back(line);
  return lines;
}

NodeState state_of(const std::string& status) {
  if (status == "running") return NodeState::kRunning;
  return status == "paused" ? NodeState::kPaused : NodeState::kStopped;
}

}  // namespace

struct ComposeDriver::Container {
  std::string service;
  Sight sight;
};

Result<std::unique_ptr<BrokerDriver>> ComposeDriver::make(const Driver& driver,
                                                          const Words& brokers,
                                                          const DriverBounds& bounds) {
  if (auto ok = check_keys(driver, brokers.size()); !ok) return tl::make_unexpected(ok.error());
  if (find_program("docker").empty()) {
    return cli::fail("there is no docker here", "PATH", "install Docker's command line");
  }
  auto compose = find_compose(cli::Clock::now() + bounds.timeout);
  if (!compose) return tl::make_unexpected(compose.error());
  const auto file = find_file("driver.file", driver.file);
  if (!file) return tl::make_unexpected(file.error());
  compose->insert(compose->end(), {"-f", *file, "-p", driver.project});
  if (!driver.env_file.empty()) {
    const auto env_file = find_file("driver.env_file", driver.env_file);
    if (!env_file) return tl::make_unexpected(env_file.error());
    compose->insert(compose->end(), {"--env-file", *env_file});
  }
  Driver own = driver;
  own.brokers = brokers;
  return std::unique_ptr<BrokerDriver>(new ComposeDriver(std::move(own), *compose, bounds));
}

std::size_t ComposeDriver::number_of(const std::string& node) const {
  const auto found = std::ranges::find(driver_.services, node);
  return static_cast<std::size_t>(found - driver_.services.begin());
}

Result<std::vector<wire::Address>> ComposeDriver::addresses(const Nodes& nodes) const {
  std::vector<wire::Address> list;
  for (const std::string& node : nodes) {
    auto address = wire::parse_address(driver_.brokers[number_of(node)]);
    if (!address) return tl::make_unexpected(address.error());
    list.push_back(std::move(*address));
  }
  return list;
}

// Several services are nodes, and scaling starts and stops these.
bool ComposeDriver::has(Verb verb) const {
  if (verb == Verb::kScale) return driver_.services.size() == 1;
  return verb != Verb::kRestart && verb != Verb::kRolling && verb != Verb::kStatus;
}

Result<void> ComposeDriver::check(const Order& order) {
  const auto present = containers();
  if (!present) return tl::make_unexpected(present.error());
  if (present->empty()) {
    return cli::fail(
        "compose project " + driver_.project + " is down", driver_.file,
        "bring it up first: compose -f " + driver_.file + " -p " + driver_.project + " up -d");
  }
  for (const std::string& node : order.nodes) {
    if (std::ranges::any_of(*present, [&](const auto& c) { return c.service == node; })) continue;
    return cli::fail("service " + node + " of project " + driver_.project + " has no container",
                     driver_.file, "bring it up, or correct driver.services");
  }
  if (order.verb == Verb::kReplace && driver_.id_variables.empty()) {
    return cli::fail("nothing is known to give a replaced broker its id", "driver.id_variables",
                     "name for each service the variable that the compose file takes its id from");
  }
  return {};
}

Result<void> ComposeDriver::run(const Words& arguments, const Nodes& services,
                                const Patience& patience) const {
  Words argv = compose_;
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  argv.insert(argv.end(), services.begin(), services.end());
  const auto ran = run_program(argv, patience);
  if (!ran) return tl::make_unexpected(ran.error());
  return {};
}

// The variable that the compose file takes the id from is set for the one command alone: the other
// services, whose variables are not, are left as they are.
Result<void> ComposeDriver::replace(const std::string& node, std::int32_t id,
                                    const Patience& patience) const {
  if (auto removed = run({"rm", "-f", "-v"}, {node}, patience); !removed) return removed;
  Words argv{"env", driver_.id_variables[number_of(node)] + "=" + std::to_string(id)};
  argv.insert(argv.end(), compose_.begin(), compose_.end());
  argv.insert(argv.end(), {"up", "-d", "--no-deps", "--no-recreate", node});
  const auto ran = run_program(argv, patience);
  if (!ran) return tl::make_unexpected(ran.error());
  return {};
}

Result<void> ComposeDriver::give(const Order& order, const Patience& patience) {
  switch (order.verb) {
    case Verb::kStop: {
      const auto grace = std::chrono::ceil<std::chrono::seconds>(bounds_.grace);
      return run({"stop", "-t", std::to_string(grace.count())}, order.nodes, patience);
    }
    case Verb::kKill:
      return run({"kill"}, order.nodes, patience);
    case Verb::kPause:
      return run({"pause"}, order.nodes, patience);
    case Verb::kContinue:
      return run({"unpause"}, order.nodes, patience);
    case Verb::kReplace: {
      std::int32_t id = order.id;
      for (const std::string& node : order.nodes) {
        if (auto replaced = replace(node, id++, patience); !replaced) return replaced;
      }
      return {};
    }
    case Verb::kScale: {
      const std::string& service = driver_.services.front();
      return run({"up", "-d", "--no-deps", "--no-recreate", "--scale",
                  service + "=" + std::to_string(order.count)},
                 {service}, patience);
    }
    default:
      return run({"start"}, order.nodes, patience);
  }
}

// The project's containers by their labels, which every version of Compose gives them.
Result<std::vector<ComposeDriver::Container>> ComposeDriver::containers() const {
  const auto ids = run_program({"docker", "ps", "-a", "-q", "--no-trunc", "--filter",
                                "label=com.docker.compose.project=" + driver_.project},
                               {deadline(), {}});
  if (!ids) return tl::make_unexpected(ids.error());
  Words argv = split_lines(*ids);
  if (argv.empty()) return std::vector<Container>{};
  argv.insert(argv.begin(), {"docker", "inspect"});
  const auto text = run_program(argv, {deadline(), {}});
  if (!text) return tl::make_unexpected(text.error());
  std::vector<Container> list;
  try {
    for (const Json& item : Json::parse(*text)) {
      const Json& labels = item.at("Config").at("Labels");
      // What `compose run` made is none of the service's.
      if (labels.value("com.docker.compose.oneoff", "False") == "True") continue;
      const Json& state = item.at("State");
      Sight sight{state_of(state.at("Status")), "container", item.at("Id"), state.at("StartedAt")};
      constexpr std::size_t kShortId = 12;  // as docker shows it
      sight.id.resize(std::min(sight.id.size(), kShortId));
      sight.is_ready = sight.state == NodeState::kRunning;
      list.push_back({labels.at("com.docker.compose.service"), std::move(sight)});
    }
  } catch (const Json::exception& malformed) {
    return cli::fail("docker inspect is not understood", malformed.what());
  }
  return list;
}

Result<std::vector<Sight>> ComposeDriver::look(const Nodes& nodes) {
  const auto present = containers();
  if (!present) return tl::make_unexpected(present.error());
  std::vector<Sight> sights;
  for (const std::string& node : nodes) {
    Sight sight{NodeState::kStopped, "container", {}, {}};
    for (const Container& container : *present) {
      if (container.service == node && container.sight.state >= sight.state) {
        sight = container.sight;
      }
    }
    sights.push_back(std::move(sight));
  }
  return sights;
}

Result<std::optional<Size>> ComposeDriver::size() {
  const auto present = containers();
  if (!present) return tl::make_unexpected(present.error());
  const auto running = std::ranges::count_if(*present, [&](const Container& container) {
    return container.service == driver_.services.front() && container.sight.is_ready;
  });
  return Size{static_cast<std::size_t>(running), static_cast<std::size_t>(running)};
}

}  // namespace ks::target
