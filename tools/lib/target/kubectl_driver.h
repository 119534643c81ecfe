#pragma once

#include <memory>
#include <optional>

#include "lib/target/driver.h"

namespace ks::target {

// Brokers that are the pods of a Kubernetes StatefulSet: its nodes are NAME-0, NAME-1, …, which
// keep their names when a pod is replaced. What ends a pod brings another one, so stopping and
// starting means scaling, of all of them. How many there were before a stop is written on the
// StatefulSet, as an annotation: whoever starts them may be another process on another machine.
class KubectlDriver : public BrokerDriver {
 public:
  static cli::Result<std::unique_ptr<BrokerDriver>> make(const Driver& driver,
                                                         const DriverBounds& bounds);

  cli::Result<Nodes> nodes() override;
  cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const override;
  bool has(Verb verb) const override;
  bool brings_back(Verb verb) const override;
  cli::Result<void> check(const Order& order) override;
  cli::Result<void> give(const Order& order, const Patience& patience) override;
  cli::Result<std::vector<Sight>> look(const Nodes& nodes) override;
  std::chrono::milliseconds interval() const override { return std::chrono::milliseconds(200); }
  cli::Result<std::optional<Size>> size() override;

 private:
  // The StatefulSet as it is now.
  struct Workload {
    std::size_t wanted = 0;             // spec.replicas
    std::optional<std::size_t> before;  // the annotation
    std::size_t first = 0;              // spec.ordinals.start
    Size size;
    bool has_volumes = false;
  };

  KubectlDriver(Driver driver, const DriverBounds& bounds);

  cli::Result<std::string> run(const std::vector<std::string>& arguments,
                               const Patience& patience) const;
  cli::Result<Workload> workload() const;
  cli::Result<void> check_all(const Order& order, const Workload& workload) const;
  std::vector<std::string> scaling(std::size_t count) const;
  cli::Result<void> stop(const Patience& patience) const;
  cli::Deadline deadline() const { return cli::Clock::now() + bounds_.timeout; }

  const Driver driver_;
  const DriverBounds bounds_;
  std::vector<std::string> kubectl_;  // the command line up to the sub-command
};

}  // namespace ks::target
