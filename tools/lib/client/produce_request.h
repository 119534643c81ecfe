#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/client/produce_batch.h"
#include "lib/wire/value.h"

// Produce requests of one topic, and what their answers say (protocol guide, Produce API).
namespace ks::client {

struct ProduceTopic {
  std::string name;
  wire::Uuid id{};  // what versions from 13 on use instead
};

// `timeout`: how long the broker may wait for the replicas. The batches are viewed, not copied.
wire::Value produce_request(const ProduceTopic& topic, std::int16_t acks, cli::Duration timeout,
                            const std::vector<std::unique_ptr<ProduceBatch>>& batches);

struct ProduceAnswer {
  std::int16_t error_code = 0;
  std::string error;  // Kafka's name of it, and the broker's words; empty: none
  std::int64_t base_offset = -1;
  std::map<std::int32_t, std::string> record_errors;
};

// Nothing: the answer leaves the partition out.
std::optional<ProduceAnswer> find_answer(const wire::Value& response, const ProduceTopic& topic,
                                         std::int32_t partition);

// Whether an error does not say for sure that nothing was written.
bool leaves_open(std::int16_t code);

}  // namespace ks::client
