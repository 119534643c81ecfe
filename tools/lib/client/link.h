#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/client/wire_options.h"
#include "lib/wire/call.h"

namespace ks::client {

// The fields of a request, once the version is known. An error fails the call.
using Fill = std::function<cli::Result<wire::Value>(std::int16_t version)>;

// A wire client's connection to one broker: opened when something is asked, authenticated, with
// the versions the broker advertises known; opened again after it broke, with a pause between
// attempts that doubles up to half a second.
class Link {
 public:
  Link(wire::Loop& loop, wire::Address address, const WireOptions& options);

  // One call at the highest version both sides have; where there is none, the error names both
  // ranges. Calls are pipelined in their order. One that waits for the connection for longer than
  // its deadline fails, and is not sent.
  void call(wire::ApiKey api, Fill fill, cli::Deadline deadline, wire::OnReply on_reply);

  // As call, for a request without an answer (Produce with acks=0): `on_sent` is called when the
  // operating system has all of it.
  void call_without_answer(wire::ApiKey api, Fill fill, cli::Deadline deadline,
                           std::function<void(cli::Result<void>)> on_sent);

  // Opens the connection where it is not open. For a caller that must know whether a request was
  // sent: a call on a link that is ready is sent, or fails, before call() returns.
  void when_ready(cli::Deadline deadline, std::function<void(cli::Result<void>)> on_ready);

  // Ends the connection without a word; what is under way fails.
  void drop(const cli::Error& why);

  bool is_ready() const { return state_ == State::kReady; }
  const wire::Address& address() const { return address_; }
  const wire::ApiVersions& versions() const { return versions_; }  // of the last connection
  std::size_t in_flight() const;
  std::uint64_t disconnects() const { return disconnects_; }  // or could not be opened

 private:
  enum class State { kIdle, kPausing, kOpening, kReady };
  struct Call {
    wire::ApiKey api;
    Fill fill;  // empty: nothing is sent
    cli::Deadline deadline;
    wire::OnReply on_reply;
    std::function<void(cli::Result<void>)> on_sent;  // instead of on_reply
  };

  void submit(Call call);
  void watch(const Call& call);
  void fail_overdue();
  cli::Error late() const;
  void open();
  void on_open();
  void on_authenticated();
  void on_ready(wire::ApiVersions versions);
  void on_failed(const cli::Error& why);
  void send(Call call);
  static void fail(const Call& call, const cli::Error& why);

  wire::Loop& loop_;
  const wire::Address address_;
  const WireOptions& options_;
  State state_ = State::kIdle;
  cli::Duration pause_{};  // before the next attempt to open
  cli::Deadline open_until_;
  std::uint64_t disconnects_ = 0;
  wire::Timer timer_;
  wire::Timer overdue_;  // for the earliest deadline in `waiting_` that opening does not keep
  cli::Deadline overdue_at_;
  std::unique_ptr<wire::Connection> connection_;
  wire::ApiVersions versions_;
  std::deque<Call> waiting_;  // for the connection to be ready
};

// The highest version of `api` that the broker and this client both have.
cli::Result<std::int16_t> choose_version(wire::ApiKey api, const wire::ApiVersions& broker);

}  // namespace ks::client
