#include "lib/probe/peer.h"

#include "lib/target/identity.h"

namespace ks::probe {
namespace {

constexpr auto kConnectTimeout = std::chrono::seconds(5);

}  // namespace

const char* to_string(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kAnswered:
      return "answered";
    case Outcome::Kind::kClosed:
      return "closed";
    case Outcome::Kind::kSilent:
      return "silent";
    case Outcome::Kind::kBroken:
      return "broken";
    case Outcome::Kind::kUnreachable:
      break;
  }
  return "unreachable";
}

Outcome failed(cli::Error why) {
  Outcome outcome;
  outcome.kind = why.what == wire::kNoAnswerInTime   ? Outcome::Kind::kSilent
                 : why.what == wire::kClosedByBroker ? Outcome::Kind::kClosed
                                                     : Outcome::Kind::kBroken;
  outcome.why = std::move(why);
  return outcome;
}

cli::Result<void> Peer::open() {
  if (connection_ && connection_->connection().is_open()) return {};
  connection_.reset();
  const cli::Deadline until = cli::Clock::now() + kConnectTimeout;
  auto opened = wire::open(address_, options_.access, options_.client_id, until);
  if (!opened) return tl::make_unexpected(opened.error());
  connection_.emplace(std::move(*opened));
  return {};
}

Outcome Peer::exchange(std::string frame) {
  if (auto ok = open(); !ok) return {Outcome::Kind::kUnreachable, {}, ok.error()};
  auto answer = connection_->exchange(std::move(frame), deadline());
  if (answer) return {Outcome::Kind::kAnswered, std::move(*answer), {}};
  drop();
  return failed(answer.error());
}

cli::Result<wire::Reply> Peer::call(wire::ApiKey api, std::int16_t version,
                                    const wire::Value& fields) {
  auto frame = wire::encode_call(api, version, fields, options_.client_id);
  if (!frame) return tl::make_unexpected(frame.error());
  Outcome outcome = exchange(std::move(*frame));
  if (!outcome.is_answer()) return tl::make_unexpected(outcome.why);
  return wire::decode_reply(api, version, std::move(outcome.frame));
}

cli::Result<Peer> reach(tool::Session& session, cli::Duration patience) {
  const auto options = client::parse_wire_options(session.profile.librdkafka);
  if (!options) return tl::make_unexpected(options.error());
  if (session.profile.brokers.empty()) {
    return cli::fail("no broker given", "profile " + session.profile.name,
                     "use -b or set KS_BROKERS");
  }
  std::vector<cli::Error> failures;
  for (const std::string& broker : session.profile.brokers) {
    const auto address = wire::parse_address(broker);
    if (!address) return tl::make_unexpected(address.error());
    Peer peer(*address, *options, patience);
    const auto reply = peer.call(wire::ApiKey::kApiVersions, 0, wire::Value::structure());
    auto versions = reply ? wire::to_api_versions(reply->body)
                          : cli::Result<wire::ApiVersions>(tl::make_unexpected(reply.error()));
    if (versions) {
      session.broker_versions = std::move(*versions);
      session.result.broker.build = session.broker_versions.fingerprint();
      session.result.broker.product = target::identify({{}, session.broker_versions, {}}).product;
      return peer;
    }
    failures.push_back(std::move(versions.error()));
  }
  const client::Trouble trouble = client::nobody_answers(failures);
  if (const auto finding = trouble.finding()) session.note(*finding);
  return tl::make_unexpected(trouble.error);
}

}  // namespace ks::probe
