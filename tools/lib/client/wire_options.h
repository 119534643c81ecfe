#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/units.h"
#include "lib/client/client.h"
#include "lib/wire/call.h"
#include "lib/wire/compression.h"

namespace ks::client {

// What the wire client takes from -X, by librdkafka's names, units and defaults unless said.
struct WireOptions {
  std::string client_id = "ks";
  wire::Access access;                                       // security.protocol, ssl.*, sasl.*
  cli::Duration request_timeout = std::chrono::seconds(30);  // socket.timeout.ms: for one answer
  cli::Duration retry_backoff = std::chrono::milliseconds(100);
  cli::Duration reconnect_backoff = std::chrono::milliseconds(50);  // doubles with each failure
  cli::Duration longest_reconnect_backoff = std::chrono::milliseconds(500);  // up to this

  // producing
  std::int16_t acks = -1;                                    // all
  bool idempotent = false;                                   // enable.idempotence
  std::uint32_t most_in_flight = 5;                          // requests, for each connection
  cli::Duration delivery_timeout = std::chrono::minutes(5);  // message.timeout.ms, retries included
  cli::Duration linger = std::chrono::milliseconds(2);
  std::size_t batch_bytes = 1'000'000;
  std::uint32_t batch_records = 10'000;
  std::uint32_t retries = 2'147'483'647;  // message.send.max.retries
  std::uint32_t queue_records = 100'000;  // queue.buffering.max.messages
  std::size_t queue_bytes = 32UL << 20;   // queue.buffering.max.kbytes; as in the Java client
  wire::CompressionType compression = wire::CompressionType::kNone;

  // consuming
  bool reset_to_end = false;  // auto.offset.reset
  cli::Duration fetch_wait = std::chrono::milliseconds(100);
  std::int32_t fetch_min_bytes = 1;
  std::int32_t fetch_bytes = 50 << 20;           // fetch.max.bytes: one answer
  std::int32_t partition_fetch_bytes = 1 << 20;  // max.partition.fetch.bytes
  bool check_crcs = true;
  std::string group_instance_id;  // empty: a dynamic member
  cli::Duration session_timeout = std::chrono::seconds(45);
  cli::Duration heartbeat_interval = std::chrono::seconds(3);
  cli::Duration rebalance_timeout = std::chrono::minutes(5);  // max.poll.interval.ms
  std::vector<std::string> assignors{"range", "roundrobin"};
};

// A name the wire client has no use for, or a value it cannot read, is an error that says so.
cli::Result<WireOptions> parse_wire_options(const std::map<std::string, std::string>& properties);

bool is_wire_property(const std::string& name);

// What -X says of a connection to any broker, for a request that belongs to no client yet. What
// cannot be read is the chosen client's to refuse. Without credentials where `implementation` would
// authenticate in another way than PLAIN: brokers answer ApiVersions all the same.
wire::Access access_by(const std::map<std::string, std::string>& properties,
                       Implementation implementation);

}  // namespace ks::client
