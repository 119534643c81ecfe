#pragma once

#include <filesystem>

#include "lib/target/driver.h"
#include "lib/target/node_folder.h"

namespace ks::target {

// Brokers that are processes of this machine, described by a cluster folder (see NodeFolder). They
// outlive the tool that started them.
class ProcessDriver : public BrokerDriver {
 public:
  ProcessDriver(std::filesystem::path cluster, DriverBounds bounds);

  cli::Result<Nodes> nodes() const override;
  cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const override;
  cli::Result<Effect> stop(const Nodes& nodes) override;
  cli::Result<Effect> kill(const Nodes& nodes) override;
  cli::Result<Effect> start(const Nodes& nodes) override;
  cli::Result<std::vector<NodeStatus>> status(const Nodes& nodes) override;

 private:
  cli::Result<std::vector<NodeFolder>> open(const Nodes& nodes) const;

  std::filesystem::path cluster_;
  DriverBounds bounds_;
};

}  // namespace ks::target
