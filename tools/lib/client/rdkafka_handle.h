#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/client/client.h"

// What the three librdkafka implementations share.
namespace ks::client {

struct Free {
  void operator()(rd_kafka_t* p) const { rd_kafka_destroy(p); }
  void operator()(rd_kafka_conf_t* p) const { rd_kafka_conf_destroy(p); }
  void operator()(rd_kafka_topic_t* p) const { rd_kafka_topic_destroy(p); }
  void operator()(rd_kafka_queue_t* p) const { rd_kafka_queue_destroy(p); }
  void operator()(rd_kafka_event_t* p) const { rd_kafka_event_destroy(p); }
  void operator()(rd_kafka_message_t* p) const { rd_kafka_message_destroy(p); }
  void operator()(rd_kafka_topic_partition_list_t* p) const {
    rd_kafka_topic_partition_list_destroy(p);
  }
  void operator()(const rd_kafka_metadata_t* p) const { rd_kafka_metadata_destroy(p); }
  void operator()(rd_kafka_error_t* p) const { rd_kafka_error_destroy(p); }
};

template <typename T>
using Owned = std::unique_ptr<T, Free>;
using Partitions = Owned<rd_kafka_topic_partition_list_t>;

// A configuration with the brokers, then `defaults`, then the user's properties.
cli::Result<Owned<rd_kafka_conf_t>> make_conf(const Config& config,
                                              const std::map<std::string, std::string>& defaults);

// Takes `conf` over.
cli::Result<Owned<rd_kafka_t>> make_handle(rd_kafka_type_t type, Owned<rd_kafka_conf_t> conf);

// What librdkafka reports for information and recovers from on its own.
bool is_connection_error(rd_kafka_resp_err_t code);
// One connection's; that all brokers are down is only the sum of what was told before.
bool is_disconnect(rd_kafka_resp_err_t code);

// Kafka's own name of what a broker answered, and librdkafka's of what it made up (_TIMED_OUT).
std::string code_name(rd_kafka_resp_err_t code);

// "Broker: Unknown topic or partition (UNKNOWN_TOPIC_OR_PART)".
std::string describe(rd_kafka_resp_err_t code);
tl::unexpected<cli::Error> fail_with(rd_kafka_resp_err_t code, const std::string& doing,
                                     const std::string& where);

Partitions to_list(const std::vector<Position>& positions);
std::vector<Position> from_list(const rd_kafka_topic_partition_list_t& list);

}  // namespace ks::client
