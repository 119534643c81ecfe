#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/client/wire_options.h"
#include "lib/tool/tool.h"
#include "lib/wire/call.h"

namespace ks::probe {

// What came back for one request.
struct Outcome {
  enum class Kind : std::uint8_t {
    kAnswered,
    kClosed,       // the broker closed the connection
    kSilent,       // neither an answer nor a close in time
    kBroken,       // bytes that are no answer: a bad length, another correlation id
    kUnreachable,  // no connection
  };
  Kind kind = Kind::kAnswered;
  wire::FrameBytes frame;  // kAnswered
  cli::Error why;          // anything else

  bool is_answer() const { return kind == Kind::kAnswered; }
};
const char* to_string(Outcome::Kind kind);

// One broker, asked one request at a time over one connection, which is opened again after it
// broke.
class Peer {
 public:
  // `patience`: how long one answer may take.
  Peer(wire::Address address, client::WireOptions options, cli::Duration patience)
      : address_(std::move(address)), options_(std::move(options)), patience_(patience) {}

  // Connects and authenticates, unless the connection is open.
  cli::Result<void> open();
  void drop() { connection_.reset(); }

  // A request as wire::encode_call makes it.
  Outcome exchange(std::string frame);

  cli::Result<wire::Reply> call(wire::ApiKey api, std::int16_t version, const wire::Value& fields);

  // REQUIRES: open() succeeded, and nothing failed since.
  wire::BlockingConnection& connection() { return *connection_; }

  const wire::Address& address() const { return address_; }
  const client::WireOptions& options() const { return options_; }
  cli::Duration patience() const { return patience_; }
  cli::Deadline deadline() const { return cli::Clock::now() + patience_; }

 private:
  wire::Address address_;
  client::WireOptions options_;
  cli::Duration patience_;
  std::optional<wire::BlockingConnection> connection_;
};

// How a connection that failed is to be read.
Outcome failed(cli::Error why);

// The first of the session's brokers that answers ApiVersions. What it advertises is then in the
// session and its result; an error names each address and why it did not answer.
cli::Result<Peer> reach(tool::Session& session, cli::Duration patience);

}  // namespace ks::probe
