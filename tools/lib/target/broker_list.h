#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/wire/call.h"

namespace ks::target {

// The brokers that one broker lists in its Metadata.
class BrokerList {
 public:
  struct Broker {
    std::int32_t id = 0;
    std::string address;  // as advertised
  };

  // Asks the broker at `address`. No longer than a second: one that hangs must not use up the time.
  static cli::Result<BrokerList> ask(const wire::Address& address, const wire::Access& access,
                                     cli::Deadline deadline);

  explicit BrokerList(std::vector<Broker> brokers) : brokers_(std::move(brokers)) {}

  // The broker that is advertised at `address`, under whatever name; null: none.
  const Broker* at(const wire::Address& address) const;
  std::int32_t highest_id() const;  // -1: no broker

 private:
  std::vector<Broker> brokers_;
};

}  // namespace ks::target
