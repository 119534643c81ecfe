#include "lib/target/command_driver.h"

#include "lib/target/run_command.h"
#include "lib/target/wait.h"

namespace ks::target {

using cli::Result;

CommandDriver::CommandDriver(std::vector<std::string> brokers,
                             std::map<std::string, std::string> commands)
    : brokers_(std::move(brokers)), commands_(std::move(commands)) {}

Result<Nodes> CommandDriver::nodes() {
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

std::chrono::milliseconds CommandDriver::interval() const { return kPollInterval; }

bool CommandDriver::has(Verb verb) const {
  return commands_.contains(std::string(to_string(verb)));
}

bool CommandDriver::brings_back(Verb verb) const {
  return verb == Verb::kRestart || verb == Verb::kReplace;
}

Result<void> CommandDriver::check(const Order& order) {
  if (has(order.verb)) return {};
  const std::string verb(to_string(order.verb));
  return cli::fail(
      "no command for '" + verb + "'", "driver",
      "add driver.commands." + verb + " to the profile, or --command " + verb + "='...'");
}

Result<void> CommandDriver::give(const Order& order, const Patience& patience) {
  const std::string verb(to_string(order.verb));
  const bool scales = order.verb == Verb::kScale;
  return run_shell_command("the " + verb + " command", commands_.at(verb),
                           scales ? Nodes{std::to_string(order.count)} : order.nodes, patience);
}

Result<std::vector<Sight>> CommandDriver::look(const Nodes& nodes) {
  return std::vector<Sight>(nodes.size());
}

}  // namespace ks::target
