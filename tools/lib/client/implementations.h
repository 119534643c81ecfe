#pragma once

#include <memory>
#include <string>

#include "lib/client/client.h"

// What make_producer, make_consumer and make_admin choose from.
namespace ks::client {

cli::Result<std::unique_ptr<Producer>> make_rdkafka_producer(const Config& config,
                                                             const std::string& topic,
                                                             Producer::OnDelivery on_delivery);
cli::Result<std::unique_ptr<Consumer>> make_rdkafka_consumer(const Config& config,
                                                             const std::string& group);
cli::Result<std::unique_ptr<Admin>> make_rdkafka_admin(const Config& config);

cli::Result<std::unique_ptr<Producer>> make_wire_producer(const Config& config,
                                                          const std::string& topic,
                                                          Producer::OnDelivery on_delivery);
cli::Result<std::unique_ptr<Consumer>> make_wire_consumer(const Config& config,
                                                          const std::string& group);
cli::Result<std::unique_ptr<Admin>> make_wire_admin(const Config& config);

}  // namespace ks::client
