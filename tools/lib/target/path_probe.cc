#include "lib/target/path_probe.h"

#include "lib/cli/units.h"
#include "lib/target/http.h"

namespace ks::target {
namespace {

using Outcome = Exchange::Outcome;

// Within what brokers take for a client id, and servers for a header.
constexpr std::size_t kPaddingBytes = 1000;

Exchange ended(const cli::Error& error, Outcome outcome, cli::Deadline deadline) {
  Exchange exchange;
  // Whatever was being done when the time had passed.
  exchange.outcome = cli::Clock::now() >= deadline ? Outcome::kSilent : outcome;
  exchange.why = error.message();
  return exchange;
}

Outcome outcome_of_kafka(const cli::Error& error) {
  if (error.what == wire::kNoAnswerInTime) return Outcome::kSilent;
  if (error.what != wire::kClosedByBroker) return Outcome::kFailed;
  return error.action.empty() ? Outcome::kClosed : Outcome::kReset;
}

Outcome outcome_of_http(const cli::Error& error) {
  if (error.what == kHttpCannotConnect) return Outcome::kRefused;
  if (error.what == kHttpNoAnswer) return Outcome::kSilent;
  if (error.what == kHttpReset) return Outcome::kReset;
  if (error.what == kHttpClosed) return Outcome::kClosed;
  return Outcome::kFailed;
}

}  // namespace

std::string_view to_string(Protocol protocol) {
  return protocol == Protocol::kHttp ? "HTTP" : "Kafka";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAnswered:
      return "answered";
    case Outcome::kRefused:
      return "connection refused";
    case Outcome::kReset:
      return "connection reset";
    case Outcome::kClosed:
      return "connection closed without an answer";
    case Outcome::kSilent:
      return "no answer";
    case Outcome::kFailed:
      break;
  }
  return "failed";
}

PathProbe::PathProbe(Protocol protocol, wire::Address address, wire::Access access)
    : protocol_(protocol), address_(std::move(address)), access_(std::move(access)) {}

Exchange PathProbe::exchange(std::uint64_t requests, bool large, cli::Duration timeout) const {
  const cli::Deadline begun = cli::Clock::now();
  Exchange out = protocol_ == Protocol::kKafka ? ask_kafka(requests, large, begun + timeout)
                                               : ask_http(requests, large, begun + timeout);
  out.ms = cli::to_ms(cli::Clock::now() - begun);
  return out;
}

Exchange PathProbe::ask_kafka(std::uint64_t requests, bool large, cli::Deadline deadline) const {
  const std::string client_id = large ? std::string(kPaddingBytes, 'k') : "ks";
  const auto frame =
      wire::encode_call(wire::ApiKey::kApiVersions, 0, wire::Value::structure(), client_id);
  if (!frame) return ended(frame.error(), Outcome::kFailed, deadline);
  auto connection = wire::open(address_, access_, client_id, deadline);
  if (!connection) {
    const Outcome met = outcome_of_kafka(connection.error());
    return ended(connection.error(), met == Outcome::kFailed ? Outcome::kRefused : met, deadline);
  }
  Exchange out;
  out.connections = 1;
  std::uint64_t answers = 0;
  std::optional<cli::Error> failure;
  for (std::uint64_t i = 0; i < requests; ++i) {
    connection->connection().send(*frame, deadline, [&](cli::Result<wire::FrameBytes> answer) {
      if (!answer) {
        if (!failure) failure = answer.error();
        return;
      }
      ++answers;
      out.down_bytes += answer->view().size() + wire::Connection::kLengthBytes;
    });
  }
  connection->loop().run_until(cli::Deadline::max(),
                               [&] { return failure || answers == requests; });
  if (failure) return ended(*failure, outcome_of_kafka(*failure), deadline);
  out.outcome = Outcome::kAnswered;
  out.up_bytes = requests * frame->size();
  return out;
}

Exchange PathProbe::ask_http(std::uint64_t requests, bool large, cli::Deadline deadline) const {
  HttpRequest request;
  request.url = "http://" + address_.text() + "/";
  if (large) request.padding = std::string(kPaddingBytes, 'k');
  Exchange out;
  for (; out.connections < requests; ++out.connections) {
    const auto answer = http_request(request, deadline);
    if (!answer) return ended(answer.error(), outcome_of_http(answer.error()), deadline);
    out.up_bytes += answer->sent_bytes;
    out.down_bytes += answer->received_bytes;
  }
  out.outcome = Outcome::kAnswered;
  return out;
}

}  // namespace ks::target
