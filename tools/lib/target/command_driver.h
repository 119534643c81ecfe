#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/target/driver.h"
#include "lib/wire/address.h"

namespace ks::target {

// Brokers that the user's own commands end and start. Its nodes are the brokers' addresses; a
// command gets those it is to act on as $1, $2, … What a command did is judged at the addresses,
// not by its exit status alone.
class CommandDriver : public BrokerDriver {
 public:
  // `commands`: verb (stop, kill, start, restart, status) -> shell command. restart is optional:
  // without it, stop and start are used.
  CommandDriver(std::vector<std::string> brokers, std::map<std::string, std::string> commands,
                DriverBounds bounds);

  cli::Result<Nodes> nodes() const override;
  cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const override;
  cli::Result<Effect> stop(const Nodes& nodes) override { return end("stop", "stopped", nodes); }
  cli::Result<Effect> kill(const Nodes& nodes) override { return end("kill", "killed", nodes); }
  cli::Result<Effect> start(const Nodes& nodes) override;
  cli::Result<Effect> restart(const Nodes& nodes, bool hard) override;
  cli::Result<std::vector<NodeStatus>> status(const Nodes& nodes) override;

 private:
  cli::Result<Effect> end(const std::string& verb, const char* event, const Nodes& nodes);
  cli::Result<std::string> command_of(const std::string& verb) const;

  std::vector<std::string> brokers_;
  std::map<std::string, std::string> commands_;
  DriverBounds bounds_;
};

}  // namespace ks::target
