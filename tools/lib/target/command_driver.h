#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/target/driver.h"

namespace ks::target {

// Brokers that the user's own commands end and start. Its nodes are the brokers' addresses; a
// command gets those it is to act on as $1, $2, …, that of scale the number. What a command did can
// be seen at the addresses alone.
class CommandDriver : public BrokerDriver {
 public:
  // `commands`: verb -> shell command. Without restart, stop and start are used; without rolling,
  // restarts.
  CommandDriver(std::vector<std::string> brokers, std::map<std::string, std::string> commands);

  cli::Result<Nodes> nodes() override;
  cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const override;
  bool has(Verb verb) const override;
  bool brings_back(Verb verb) const override;
  cli::Result<void> check(const Order& order) override;
  cli::Result<void> give(const Order& order, const Patience& patience) override;
  cli::Result<std::vector<Sight>> look(const Nodes& nodes) override;
  std::chrono::milliseconds interval() const override;

 private:
  std::vector<std::string> brokers_;
  std::map<std::string, std::string> commands_;
};

}  // namespace ks::target
