#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/cli/clock.h"
#include "lib/wire/call.h"

namespace ks::target {

// What is spoken on a network path.
enum class Protocol { kKafka, kHttp };

std::string_view to_string(Protocol protocol);

// What some requests on fresh connections met.
struct Exchange {
  enum class Outcome {
    kAnswered,
    kRefused,  // no connection
    kReset,    // the connection was reset
    kClosed,   // the connection was closed in order, without an answer
    kSilent,   // nothing came in time
    kFailed,   // anything else: an unknown host, an answer that is none
  };
  Outcome outcome = Outcome::kFailed;
  double ms = 0;                  // from the begin of the first connection to the end
  std::uint64_t up_bytes = 0;     // towards the server; known where it answered
  std::uint64_t down_bytes = 0;   // from the server
  std::uint64_t connections = 0;  // that they took
  std::string why;                // where it did not answer
};

std::string_view to_string(Exchange::Outcome outcome);

// Measures a path from its client's end. Kafka: ApiVersions, of all requests on one connection.
// HTTP: a GET of `/`, each on a connection of its own; any status is an answer.
class PathProbe {
 public:
  PathProbe(Protocol protocol, wire::Address address, wire::Access access);

  // `requests` of them, each larger by some hundred bytes if `large`.
  Exchange exchange(std::uint64_t requests, bool large, cli::Duration timeout) const;

  Protocol protocol() const { return protocol_; }
  const wire::Address& address() const { return address_; }

 private:
  Exchange ask_kafka(std::uint64_t requests, bool large, cli::Deadline deadline) const;
  Exchange ask_http(std::uint64_t requests, bool large, cli::Deadline deadline) const;

  Protocol protocol_;
  wire::Address address_;
  wire::Access access_;
};

}  // namespace ks::target
