#pragma once

#include <filesystem>
#include <map>
#include <set>

#include "lib/target/driver.h"
#include "lib/target/node_launch.h"

namespace ks::target {

// Brokers that are processes of this machine, described by a cluster folder (see NodeFolder). They
// outlive the tool that started them.
class ProcessDriver : public BrokerDriver {
 public:
  ProcessDriver(std::filesystem::path cluster, const DriverBounds& bounds);

  cli::Result<Nodes> nodes() override;
  cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const override;
  bool has(Verb verb) const override;
  cli::Result<void> check(const Order& order) override;
  cli::Result<void> give(const Order& order, const Patience& patience) override;
  cli::Result<std::vector<Sight>> look(const Nodes& nodes) override;
  std::chrono::milliseconds interval() const override;
  std::string remark(const std::string& node, bool confirmed) override;
  cli::Result<std::int32_t> highest_id() override;

 private:
  cli::Result<std::vector<NodeFolder>> open(const Nodes& nodes) const;
  cli::Result<void> start(const NodeFolder& node);
  cli::Result<void> end(const std::vector<NodeFolder>& nodes, bool at_once,
                        const Patience& patience);

  const std::filesystem::path cluster_;
  const DriverBounds bounds_;
  std::map<std::string, Launch> launched_;
  std::set<std::string> forced_;  // stopped by SIGKILL: SIGTERM was not enough
};

}  // namespace ks::target
