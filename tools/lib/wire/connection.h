#pragma once

#include <cstdint>
#include <string>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/wire/address.h"

namespace ks::wire {

// A TCP connection to one broker that carries Kafka's frames: a 4-byte big-endian length, then the
// bytes. Every call is bounded by a deadline. Movable, closes on destruction; not for two threads.
class Connection {
 public:
  // Errors tell a refused port, an unknown host and a time-out apart. A connection to itself (a
  // client that was given the broker's own ephemeral port) counts as refused.
  static cli::Result<Connection> open(const Address& address, cli::Deadline deadline);

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  cli::Result<void> send_frame(const std::string& frame, cli::Deadline deadline);

  // A length outside 0..most_bytes is an error, before anything is allocated for it.
  cli::Result<std::string> receive_frame(std::size_t most_bytes, cli::Deadline deadline);

 private:
  Connection(int fd, Address address) : fd_(fd), address_(std::move(address)) {}
  cli::Result<void> wait(short events, cli::Deadline deadline) const;
  cli::Result<void> receive_exactly(char* out, std::size_t size, cli::Deadline deadline);

  int fd_ = -1;
  Address address_;
};

}  // namespace ks::wire
