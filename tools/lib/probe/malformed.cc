#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/probe/commands.h"
#include "lib/probe/error_codes.h"
#include "lib/probe/malformed_cases.h"
#include "lib/probe/notes.h"
#include "lib/probe/own_things.h"

namespace ks::probe {
namespace {

using wire::ApiKey;
using wire::FindingId;

constexpr auto kDefaultPatience = std::chrono::seconds(2);
constexpr auto kShortPatience = std::chrono::milliseconds(100);  // where silence is right
constexpr auto kDefaultTimeout = std::chrono::minutes(2);
constexpr std::uint64_t kDefaultCount = 120;
constexpr std::uint64_t kMostCases = 100'000;

// Bytes that have no answer: what happens then, a close or bytes nobody asked for.
Outcome send_raw(Peer& peer, std::string bytes, cli::Duration patience) {
  if (auto ok = peer.open(); !ok) return {Outcome::Kind::kUnreachable, {}, ok.error()};
  std::optional<cli::Error> closed;
  wire::Connection& connection = peer.connection().connection();
  connection.on_close([&](const cli::Error& why) { closed = why; });
  connection.send_raw(std::move(bytes));
  peer.connection().loop().run_until(cli::Clock::now() + patience,
                                     [&] { return closed.has_value(); });
  connection.on_close(nullptr);
  return failed(closed.value_or(cli::Error{wire::kNoAnswerInTime, {}, {}}));
}

class Malformed {
 public:
  Malformed(tool::Session& session, Peer& peer, Peer& other, const Subject& subject)
      : session_(session), peer_(peer), other_(other), subject_(subject) {}

  void run(const std::vector<MalformedCase>& cases, cli::Deadline until);

 private:
  void judge(const MalformedCase& at);
  void judge_answer(const MalformedCase& at, const Outcome& outcome);
  bool serves_others();
  void publish(std::size_t wanted);

  tool::Session& session_;
  Peer& peer_;
  Peer& other_;
  const Subject& subject_;
  Notes notes_;
  std::size_t done_ = 0;
  std::map<std::string, std::size_t> counts_{
      {"answered", 0}, {"error_code", 0}, {"closed", 0}, {"silent", 0}, {"broken", 0}};
};

void Malformed::judge_answer(const MalformedCase& at, const Outcome& outcome) {
  const auto answer = wire::decode_response(at.api, at.version, outcome.frame.view());
  if (!answer) {
    ++counts_["broken"];
    return notes_.add(FindingId::kMalformedResponse, at.name + ": " + answer.error().message());
  }
  const auto codes = error_codes(answer->body);
  ++counts_[codes.empty() ? "answered" : "error_code"];
  cli::log_debug(at.name + ": " + (codes.empty() ? "answered" : names_of(codes)));
  if (!codes.empty()) return;
  notes_.add(
      at.corrupt_batch ? FindingId::kMalformedBatchAccepted : FindingId::kMalformedRequestAnswered,
      at.name);
}

void Malformed::judge(const MalformedCase& at) {
  peer_.drop();
  const Outcome outcome =
      at.framed ? peer_.exchange(at.bytes)
                : send_raw(peer_, at.bytes, at.may_wait ? kShortPatience : peer_.patience());
  ++done_;
  if (outcome.is_answer()) return judge_answer(at, outcome);
  cli::log_debug(at.name + ": " + outcome.why.what);
  ++counts_[to_string(outcome.kind)];
}

// A connection that had no part in it, and a new one.
bool Malformed::serves_others() {
  for (const bool anew : {false, true}) {
    if (anew) other_.drop();
    for (const ApiKey api : {ApiKey::kApiVersions, ApiKey::kMetadata}) {
      const std::int16_t version = std::max<std::int16_t>(
          0, std::min(session_.broker_versions.range(api).max, wire::find_api(api)->versions.max));
      const auto fields = valid_request(api, version, subject_);
      const auto reply = other_.call(api, version, *fields);
      if (!reply) {
        cli::log_debug("others are not served: " + reply.error().message());
        return false;
      }
    }
  }
  return true;
}

void Malformed::run(const std::vector<MalformedCase>& cases, cli::Deadline until) {
  for (const MalformedCase& at : cases) {
    if (cli::stop_signal() != 0 || cli::Clock::now() > until) break;
    judge(at);
    if (serves_others()) continue;
    notes_.add(FindingId::kBrokerDownAfterMalformed, at.name);
    break;
  }
  publish(cases.size());
}

void Malformed::publish(std::size_t wanted) {
  session_.print("malformed: " + std::to_string(done_) + " of " + std::to_string(wanted));
  for (const auto& [what, count] : counts_) {
    session_.print(what + "\t" + std::to_string(count));
    session_.result.metrics[what] = static_cast<double>(count);
  }
  session_.result.metrics["cases"] = static_cast<double>(done_);
  notes_.publish(session_);
  for (const report::Finding& finding : session_.result.findings) {
    session_.print(finding.severity + ": " + finding.id + ": " + finding.evidence);
  }
  if (done_ < wanted && notes_.count(FindingId::kBrokerDownAfterMalformed) == 0) {
    session_.result.lower_to(
        report::Status::kInconclusive,
        "only " + std::to_string(done_) + " of " + std::to_string(wanted) + " cases were sent");
  }
}

}  // namespace

cli::Result<void> malformed(tool::Session& session) {
  const auto count = session.option<cli::CountArg>("count", {kDefaultCount}).value;
  const auto seed = session.option<cli::CountArg>("seed", {1}).value;
  if (count == 0 || count > kMostCases) {
    return cli::fail("not a number of cases", "--count", "give 1 to 100000");
  }
  const cli::Duration patience =
      session.option<cli::DurationArg>("answer-timeout", {kDefaultPatience}).value;
  auto peer = reach(session, patience);
  if (!peer) return tl::make_unexpected(peer.error());
  constexpr auto kOthersPatience = std::chrono::seconds(10);
  Peer other(peer->address(), peer->options(), kOthersPatience);
  OwnThings own(other, session.broker_versions, own_name(session));
  if (auto ok = own.create_topic(); !ok) return ok;
  const auto cases = malformed_cases(session.broker_versions, own.subject(),
                                     peer->options().client_id, seed, count);
  const cli::Duration timeout = session.has("timeout") ? session.timeout : kDefaultTimeout;
  Malformed(session, *peer, other, own.subject()).run(cases, cli::Clock::now() + timeout);
  return {};
}

}  // namespace ks::probe
