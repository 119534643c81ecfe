#include "lib/client/client.h"

#include <dlfcn.h>
#include <librdkafka/rdkafka.h>

#include "lib/cli/version.h"
#include "lib/client/implementations.h"

namespace ks::client {

std::string_view to_string(Implementation implementation) {
  return implementation == Implementation::kWire ? "wire" : "librdkafka";
}

namespace {

constexpr std::string_view kLibrdkafkaOf = "librdkafka-";

// Whoever asks for a version has preloaded the library, and must not measure another.
cli::Result<Implementation> loaded_librdkafka(std::string_view version) {
  if (version == rd_kafka_version_str()) return Implementation::kLibrdkafka;
  return cli::fail("librdkafka " + std::string(version) + " is not the one that is loaded", {},
                   "that is " + std::string(rd_kafka_version_str()) + "; preload the other");
}

}  // namespace

cli::Result<Implementation> parse_implementation(std::string_view name) {
  for (const Implementation known : {Implementation::kLibrdkafka, Implementation::kWire}) {
    if (name == to_string(known)) return known;
  }
  if (name.starts_with(kLibrdkafkaOf)) return loaded_librdkafka(name.substr(kLibrdkafkaOf.size()));
  return cli::fail("unknown client '" + std::string(name) + "'", {}, "use librdkafka or wire");
}

std::string version_of(Implementation implementation) {
  return implementation == Implementation::kWire ? std::string(cli::version())
                                                 : rd_kafka_version_str();
}

std::string librdkafka_file() {
  Dl_info info{};
  const void* function = dlsym(RTLD_DEFAULT, "rd_kafka_version_str");
  return dladdr(function, &info) == 0 ? "" : info.dli_fname;
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
