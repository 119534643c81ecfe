#pragma once

#include <memory>

#include "lib/target/driver.h"

namespace ks::target {

// Brokers that are services of a Docker Compose project. Its nodes are the services, in the order
// of their addresses. Orders go through `docker compose` or docker-compose; what became of them is
// read from the engine (`docker inspect`), which says the same whichever of the two there is.
class ComposeDriver : public BrokerDriver {
 public:
  // `brokers`: where the services listen, in their order.
  static cli::Result<std::unique_ptr<BrokerDriver>> make(const Driver& driver,
                                                         const std::vector<std::string>& brokers,
                                                         const DriverBounds& bounds);

  cli::Result<Nodes> nodes() override { return driver_.services; }
  cli::Result<std::vector<wire::Address>> addresses(const Nodes& nodes) const override;
  bool has(Verb verb) const override;
  cli::Result<void> check(const Order& order) override;
  cli::Result<void> give(const Order& order, const Patience& patience) override;
  cli::Result<std::vector<Sight>> look(const Nodes& nodes) override;
  std::chrono::milliseconds interval() const override { return std::chrono::milliseconds(100); }
  cli::Result<std::optional<Size>> size() override;

 private:
  struct Container;

  ComposeDriver(Driver driver, std::vector<std::string> compose, const DriverBounds& bounds)
      : driver_(std::move(driver)), compose_(std::move(compose)), bounds_(bounds) {}

  cli::Result<std::vector<Container>> containers() const;
  cli::Result<void> run(const std::vector<std::string>& arguments, const Nodes& services,
                        const Patience& patience) const;
  cli::Result<void> replace(const std::string& node, std::int32_t id,
                            const Patience& patience) const;
  std::size_t number_of(const std::string& node) const;
  cli::Deadline deadline() const { return cli::Clock::now() + bounds_.timeout; }

  const Driver driver_;                     // its brokers are those of the services
  const std::vector<std::string> compose_;  // the command line up to the sub-command
  const DriverBounds bounds_;
};

}  // namespace ks::target
