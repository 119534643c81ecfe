#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/wire/address.h"
#include "lib/wire/apart.h"
#include "lib/wire/loop.h"

namespace ks::wire {

// The bytes of one response, after its length. Moving it keeps views into it valid.
class FrameBytes {
 public:
  FrameBytes() = default;
  explicit FrameBytes(std::size_t size)
      : bytes_(std::make_unique_for_overwrite<char[]>(size)), size_(size) {}
  explicit FrameBytes(std::string_view bytes) : FrameBytes(bytes.size()) {
    bytes.copy(bytes_.get(), bytes.size());
  }

  std::string_view view() const { return {bytes_.get(), size_}; }
  char* data() { return bytes_.get(); }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

struct Tls {
  std::string ca_file;      // PEM; empty: the system's
  bool verify = true;       // the chain, and
  bool verify_host = true;  // the host's name or address
};

struct ConnectionOptions {
  std::optional<Tls> tls;
  std::string local_address;                      // empty: the system chooses
  std::size_t most_response_bytes = 256UL << 20;  // a length beyond it is refused before allocation
};

// The `what` of the errors of open() where nothing takes the connection: of the second the
// beginning.
inline constexpr const char* kUnknownHost = "unknown host";
inline constexpr const char* kCannotConnect = "cannot connect to broker";

// The `what` of the error when a deadline passes without an answer.
inline constexpr const char* kNoAnswerInTime = "no answer in time";

// The same where the broker closed the connection, or reset it: `action` then has the system's
// word.
inline constexpr const char* kClosedByBroker = "broker closed the connection";

// The beginning of the `what` where bytes came that are none of Kafka's.
inline constexpr const char* kNotKafka = "bytes that are no Kafka";

// A connection to one broker that carries Kafka's frames: a 4-byte big-endian length, then the
// bytes. Requests are pipelined; a broker answers them in order. What fails it (a deadline that
// passes, too: the answers behind a late one cannot come either) fails every request under way.
// Destroying it calls nobody back.
class Connection {
 public:
  using OnOpen = std::function<void(cli::Result<void>)>;
  using OnFrame = std::function<void(cli::Result<FrameBytes>)>;
  using OnSent = std::function<void(cli::Result<void>)>;

  // Room for the length at the front of a request; send() fills it in.
  static constexpr std::size_t kLengthBytes = 4;

  Connection(Loop& loop, Address address, ConnectionOptions options = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Errors tell a refused port, an unknown host, a connection to itself (a client that was given
  // the broker's own ephemeral port) and a time-out apart.
  void open(cli::Deadline deadline, OnOpen on_open);

  // Sends a request, `frame` being kLengthBytes of room, then the request's header and body; its
  // length and correlation id are written here. An answer with another correlation id is an error.
  // Records that the frame leaves `apart` must stay where they are until `on_frame` is called.
  void send(std::string frame, cli::Deadline deadline, OnFrame on_frame,
            std::vector<Apart> apart = {});

  // As send, for a request that has no answer (Produce with acks=0): `on_sent`, which may be empty,
  // is called when the operating system has all of it.
  void send_without_answer(std::string frame, OnSent on_sent, std::vector<Apart> apart = {});

  // Sends bytes as they are, and expects nothing: for what is no request at all.
  void send_raw(std::string bytes);

  // Fails everything under way with `why`.
  void close(const cli::Error& why);

  bool is_open() const;
  std::size_t in_flight() const;  // requests without an answer yet
  const Address& address() const;

  // Called once when an open connection fails, after the requests under way. May be empty.
  void on_close(std::function<void(const cli::Error&)> action);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// A connection with a loop of its own, for one request after the other.
class BlockingConnection {
 public:
  static cli::Result<BlockingConnection> open(const Address& address, cli::Deadline deadline,
                                              const ConnectionOptions& options = {});

  // As Connection::send.
  cli::Result<FrameBytes> exchange(std::string frame, cli::Deadline deadline);

  Connection& connection() { return *connection_; }
  Loop& loop() { return *loop_; }

 private:
  BlockingConnection() = default;

  std::unique_ptr<Loop> loop_ = std::make_unique<Loop>();
  std::unique_ptr<Connection> connection_;  // after loop_: must go before it
};

}  // namespace ks::wire
