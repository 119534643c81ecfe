#include "lib/client/client.h"

#include <librdkafka/rdkafka.h>

#include "lib/cli/version.h"
#include "lib/client/implementations.h"

namespace ks::client {

std::string_view to_string(Implementation implementation) {
  return implementation == Implementation::kWire ? "wire" : "librdkafka";
}

cli::Result<Implementation> parse_implementation(std::string_view name) {
  for (const Implementation known : {Implementation::kLibrdkafka, Implementation::kWire}) {
    if (name == to_string(known)) return known;
  }
  return cli::fail("unknown client '" + std::string(name) + "'", {}, "use librdkafka or wire");
}

std::string version_of(Implementation implementation) {
  return implementation == Implementation::kWire ? std::string(cli::version())
                                                 : rd_kafka_version_str();
}

std::string TopicPartition::text() const { return topic + "[" + std::to_string(partition) + "]"; }

cli::Result<std::unique_ptr<Producer>> make_producer(const Config& config, const std::string& topic,
                                                     Producer::OnDelivery on_delivery) {
  return config.implementation == Implementation::kWire
             ? make_wire_producer(config, topic, std::move(on_delivery))
             : make_rdkafka_producer(config, topic, std::move(on_delivery));
}

cli::Result<std::unique_ptr<Consumer>> make_consumer(const Config& config,
                                                     const std::string& group) {
  return config.implementation == Implementation::kWire ? make_wire_consumer(config, group)
                                                        : make_rdkafka_consumer(config, group);
}

cli::Result<std::unique_ptr<Admin>> make_admin(const Config& config) {
  return config.implementation == Implementation::kWire ? make_wire_admin(config)
                                                        : make_rdkafka_admin(config);
}

}  // namespace ks::client
