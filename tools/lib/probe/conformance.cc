#include "lib/probe/conformance.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/probe/commands.h"
#include "lib/probe/error_codes.h"
#include "lib/target/identity.h"
#include "lib/wire/bytes.h"
#include "lib/wire/error_code.h"

namespace ks::probe {
namespace {

using wire::ApiKey;
using wire::FindingId;

constexpr auto kDefaultPatience = std::chrono::seconds(10);
constexpr auto kDefaultTimeout = std::chrono::minutes(5);
constexpr auto kUnknownMemberId = static_cast<std::int16_t>(wire::ErrorCode::kUnknownMemberId);
constexpr std::int16_t kUnsupported =
    static_cast<std::int16_t>(wire::ErrorCode::kUnsupportedVersion);

std::string name_of(ApiKey api, std::int16_t version) {
  return wire::api_name(static_cast<std::int16_t>(api)) + " v" + std::to_string(version);
}

// A member calls these; anybody else is only told that he is none.
bool is_of_a_member(ApiKey api) {
  return api == ApiKey::kOffsetCommit || api == ApiKey::kJoinGroup || api == ApiKey::kHeartbeat ||
         api == ApiKey::kLeaveGroup || api == ApiKey::kSyncGroup || api == ApiKey::kDescribeGroups;
}

}  // namespace

Conformance::Conformance(tool::Session& session, Peer& peer)
    : session_(session),
      peer_(peer),
      own_(peer, session.broker_versions, own_name(session)),
      until_(cli::Clock::now() + (session.has("timeout") ? session.timeout : kDefaultTimeout)) {}

bool Conformance::may_go_on() const {
  return !gone_ && cli::stop_signal() == 0 && cli::Clock::now() < until_;
}

std::string Conformance::why_not() const {
  if (gone_) return "the broker went away";
  return cli::stop_signal() != 0 ? "interrupted" : "no time was left";
}

Outcome Conformance::ask(const std::string& what, std::string frame) {
  if (auto ok = peer_.open(); !ok) return {Outcome::Kind::kUnreachable, {}, ok.error()};
  Outcome outcome = peer_.exchange(frame);
  // An answer before may have been the last that the broker gave on this connection.
  if (outcome.kind == Outcome::Kind::kClosed) outcome = peer_.exchange(std::move(frame));
  if (outcome.kind == Outcome::Kind::kUnreachable) {
    gone_ = true;
    uncovered_.push_back(what + ": " + outcome.why.message());
  }
  return outcome;
}

// ---- what is advertised -------------------------------------------------------------------------

void Conformance::cover(ApiKey api, std::int16_t version) {
  const std::string what = name_of(api, version);
  const wire::Api* known = wire::find_api(api);
  if (known == nullptr || !known->versions.contains(version)) {
    uncovered_.push_back(what + ": this toolkit does not know its format");
    return;
  }
  if (!may_go_on()) return uncovered_.push_back(what + ": " + why_not());
  if (is_of_a_member(api)) own_.join();
  if (api == ApiKey::kInitProducerId) own_.begin_transactions();
  const auto fields = valid_request(api, version, own_.subject());
  auto frame = fields ? wire::encode_call(api, version, *fields, peer_.options().client_id)
                      : cli::Result<std::string>(tl::make_unexpected(fields.error()));
  if (!frame) return uncovered_.push_back(what + ": " + frame.error().message());
  Outcome outcome = ask(what, std::move(*frame));
  if (gone_) return;
  ++covered_;
  if (outcome.is_answer()) return judge_answer(api, version, std::move(outcome.frame));
  judge_failure(api, version, outcome);
}

void Conformance::judge_answer(ApiKey api, std::int16_t version, wire::FrameBytes frame) {
  const std::string what = name_of(api, version);
  const auto reply = wire::decode_reply(api, version, std::move(frame));
  if (!reply) return notes_.add(FindingId::kMalformedResponse, reply.error().message());
  const bool is_member = is_of_a_member(api) && own_.is_member();
  own_.learn(api, reply->body);
  const std::set<std::int16_t> codes = error_codes(reply->body);
  cli::log_debug(what + ": " + (codes.empty() ? "ok" : names_of(codes)));
  std::set<std::int16_t> unexpected;
  for (const std::int16_t code : codes) {
    const bool denies_member = is_member && code == kUnknownMemberId;
    if (denies_member || !is_expected(api, code)) unexpected.insert(code);
  }
  if (unexpected.erase(kUnsupported) != 0) {
    notes_.add(FindingId::kAdvertisedVersionRefused, what + " answers UNSUPPORTED_VERSION");
  }
  if (!unexpected.empty()) {
    notes_.add(FindingId::kUnexpectedErrorCode, what + " answers " + names_of(unexpected));
  }
}

// Apache Kafka 4 advertises Produce 0-2, lest librdkafka find no version, and serves none of them
// (KAFKA-18659).
bool Conformance::is_for_old_clients(ApiKey api, std::int16_t version) const {
  constexpr std::int16_t kFirstProduce = 3;
  constexpr std::int16_t kFirstFetchOfKafka4 = 4;
  return api == ApiKey::kProduce && version < kFirstProduce &&
         session_.result.broker.product == target::kApacheKafka &&
         session_.broker_versions.range(ApiKey::kFetch).min >= kFirstFetchOfKafka4;
}

void Conformance::judge_failure(ApiKey api, std::int16_t version, const Outcome& outcome) {
  const std::string what = name_of(api, version);
  const std::string evidence = what + ": " + outcome.why.what;
  if (outcome.kind == Outcome::Kind::kSilent) {
    return notes_.add(FindingId::kAdvertisedVersionUnanswered, evidence);
  }
  if (outcome.kind == Outcome::Kind::kBroken) {
    return notes_.add(FindingId::kMalformedResponse, evidence);
  }
  notes_.add(is_for_old_clients(api, version) ? FindingId::kAdvertisedForOldClients
                                              : FindingId::kAdvertisedVersionRefused,
             evidence);
}

void Conformance::cover_advertised() {
  for (const auto& [key, range] : session_.broker_versions.all()) {
    if (!range.served()) continue;
    for (int version = range.min; version <= range.max; ++version) {
      ++advertised_;
      cover(ApiKey{key}, static_cast<std::int16_t>(version));
    }
  }
}

// ---- what is not advertised ---------------------------------------------------------------------

namespace {

// Of the version itself where its format is known, else the newest format with that number on it.
cli::Result<std::string> unadvertised_frame(ApiKey api, std::int16_t version,
                                            const Subject& subject, const std::string& client_id) {
  constexpr std::size_t kVersionAt = wire::Connection::kLengthBytes + 2;
  const wire::VersionRange known = wire::find_api(api)->versions;
  const std::int16_t nearest = std::clamp(version, known.min, known.max);
  const auto fields = valid_request(api, nearest, subject);
  if (!fields) return tl::make_unexpected(fields.error());
  auto frame = wire::encode_call(api, nearest, *fields, client_id);
  if (!frame) return frame;
  const std::int16_t raw = wire::big_endian(version);
  std::memcpy(frame->data() + kVersionAt, &raw, sizeof raw);
  return frame;
}

// Whether a response says UNSUPPORTED_VERSION, in its own format or in that of any other version:
// as the first field, or behind the throttle time, with or without tagged fields in the header.
bool says_unsupported(ApiKey api, std::int16_t version, std::string_view response) {
  if (const auto decoded = wire::decode_response(api, version, response)) {
    return error_codes(decoded->body).count(kUnsupported) != 0;
  }
  for (const std::size_t at : {4U, 5U, 8U, 9U}) {
    if (response.size() < at + 2) break;
    wire::ByteReader in(response.substr(at));
    if (in.integer<std::int16_t>() == kUnsupported) return true;
  }
  return false;
}

}  // namespace

void Conformance::refuse(ApiKey api, std::int16_t version) {
  const std::string what = name_of(api, version);
  ++unadvertised_;
  if (!may_go_on()) return uncovered_.push_back(what + " (not advertised): " + why_not());
  auto frame = unadvertised_frame(api, version, own_.subject(), peer_.options().client_id);
  if (!frame) return uncovered_.push_back(what + ": " + frame.error().message());
  const Outcome outcome = ask(what, std::move(*frame));
  if (gone_) return;
  if (outcome.kind == Outcome::Kind::kSilent) {
    return notes_.add(FindingId::kUnadvertisedVersionUnanswered, what);
  }
  if (outcome.kind == Outcome::Kind::kBroken) {
    return notes_.add(FindingId::kMalformedResponse, what + ": " + outcome.why.what);
  }
  if (outcome.is_answer() && !says_unsupported(api, version, outcome.frame.view())) {
    return notes_.add(FindingId::kUnadvertisedVersionServed, what);
  }
  ++refused_;
}

// Of each API that is advertised the versions next to its range; of the others the oldest and the
// newest.
void Conformance::refuse_unadvertised() {
  for (const wire::Api& api : wire::all_apis()) {
    const wire::VersionRange range = session_.broker_versions.range(api.key);
    if (!range.served()) {
      refuse(api.key, api.versions.min);
      if (api.versions.max != api.versions.min) refuse(api.key, api.versions.max);
      continue;
    }
    if (range.min > 0) refuse(api.key, static_cast<std::int16_t>(range.min - 1));
    const bool falls_back = api.key == ApiKey::kApiVersions;  // it is asked separately
    if (!falls_back) refuse(api.key, static_cast<std::int16_t>(range.max + 1));
  }
}

// ---- the rest -----------------------------------------------------------------------------------

void Conformance::check_fallback() {
  constexpr std::int16_t kUnknown = 32767;
  const std::string what = "ApiVersions v32767";
  if (!may_go_on()) return uncovered_.push_back(what + ": " + why_not());
  auto frame =
      unadvertised_frame(ApiKey::kApiVersions, kUnknown, own_.subject(), peer_.options().client_id);
  if (!frame) return uncovered_.push_back(what + ": " + frame.error().message());
  const Outcome outcome = ask(what, std::move(*frame));
  if (gone_) return;
  ++further_;
  if (!outcome.is_answer()) {
    return notes_.add(FindingId::kApiVersionsWithoutFallback, outcome.why.what);
  }
  const auto answer = wire::decode_response(ApiKey::kApiVersions, 0, outcome.frame.view());
  if (!answer) {
    notes_.add(FindingId::kApiVersionsWithoutFallback,
               "the answer is not of version 0: " + answer.error().what);
  } else if (answer->body["error_code"].as_int() != kUnsupported) {
    notes_.add(FindingId::kApiVersionsWithoutFallback, "the answer is not UNSUPPORTED_VERSION");
  }
}

void Conformance::check_unknown_tags() {
  for (const ApiKey api : {ApiKey::kFetch, ApiKey::kListOffsets, ApiKey::kMetadata,
                           ApiKey::kFindCoordinator, ApiKey::kApiVersions}) {
    const wire::VersionRange served = session_.broker_versions.range(api);
    const wire::VersionRange flexible = wire::find_request(api)->flexible;
    if (!served.overlaps(flexible)) continue;
    const std::int16_t version = std::min(served.max, flexible.max);
    const std::string what = name_of(api, version) + " with unknown tags";
    if (!may_go_on()) {
      uncovered_.push_back(what + ": " + why_not());
      continue;
    }
    const wire::Value tags =
        wire::Value::array({{{"tag", 1000}, {"data", wire::Value::bytes("ks-probe")}}});
    auto fields = valid_request(api, version, own_.subject());
    if (!fields) continue;
    fields->set(wire::kTaggedFields, tags);
    wire::Value header = wire::request_header(api, version, 0, peer_.options().client_id);
    header.set(wire::kTaggedFields, tags);
    auto frame = wire::encode_request({header, *fields}, wire::Connection::kLengthBytes);
    if (!frame) {
      uncovered_.push_back(what + ": " + frame.error().message());
      continue;
    }
    const Outcome outcome = ask(what, std::move(*frame));
    if (gone_) return;
    ++further_;
    judge_tags(api, version, outcome);
  }
}

void Conformance::judge_tags(ApiKey api, std::int16_t version, const Outcome& outcome) {
  const std::string what = name_of(api, version);
  if (!outcome.is_answer()) {
    return notes_.add(FindingId::kUnknownTagRefused, what + ": " + outcome.why.what);
  }
  const auto answer = wire::decode_response(api, version, outcome.frame.view());
  if (!answer) {
    return notes_.add(FindingId::kUnknownTagRefused, what + ": " + answer.error().message());
  }
  std::set<std::int16_t> refusals;
  for (const std::int16_t code : error_codes(answer->body)) {
    if (!is_expected(api, code)) refusals.insert(code);
  }
  if (!refusals.empty()) {
    notes_.add(FindingId::kUnknownTagRefused, what + " answers " + names_of(refusals));
  }
}

// A Fetch that waits at the log's end, then what a broker has at once.
void Conformance::check_order() {
  const std::string what = "answers in order";
  if (!may_go_on()) return uncovered_.push_back(what + ": " + why_not());
  constexpr int kRounds = 3;
  const std::string& client_id = peer_.options().client_id;
  peer_.drop();
  if (auto ok = peer_.open(); !ok) {
    gone_ = true;
    return uncovered_.push_back(what + ": " + ok.error().message());
  }
  int waiting = 0;
  std::string failure;
  for (int i = 0; i < kRounds; ++i) {
    for (const ApiKey api : {ApiKey::kFetch, ApiKey::kMetadata, ApiKey::kApiVersions}) {
      const wire::VersionRange served = session_.broker_versions.range(api);
      const wire::VersionRange known = wire::find_api(api)->versions;
      if (!served.overlaps(known)) continue;
      const std::int16_t version = std::min(served.max, known.max);
      auto fields = valid_request(api, version, own_.subject());
      if (!fields) continue;
      if (api == ApiKey::kFetch) {
        fields->set("min_bytes", 1 << 20);
        fields->set("max_wait_ms", 300);
      }
      ++waiting;
      wire::call(peer_.connection().connection(), api, version, *fields, client_id,
                 peer_.deadline(), [&](const cli::Result<wire::Reply>& reply) {
                   --waiting;
                   if (!reply && failure.empty()) failure = reply.error().message();
                 });
    }
  }
  peer_.connection().loop().run_until(cli::Deadline::max(), [&] { return waiting == 0; });
  ++further_;
  if (!failure.empty()) notes_.add(FindingId::kAnswersOutOfOrder, failure);
}

void Conformance::publish() {
  session_.print("advertised: covered " + std::to_string(covered_) + " of " +
                 std::to_string(advertised_));
  session_.print("not advertised: refused " + std::to_string(refused_) + " of " +
                 std::to_string(unadvertised_));
  notes_.publish(session_);
  for (const report::Finding& finding : session_.result.findings) {
    session_.print(finding.severity + ": " + finding.id + ": " + finding.evidence);
  }
  for (const std::string& each : uncovered_) session_.print("not covered: " + each);
  session_.result.metrics = {
      {"covered", static_cast<double>(covered_)},
      {"advertised", static_cast<double>(advertised_)},
      {"unadvertised", static_cast<double>(unadvertised_)},
      {"unadvertised_refused", static_cast<double>(refused_)},
      {"unadvertised_served",
       static_cast<double>(notes_.count(FindingId::kUnadvertisedVersionServed))},
      {"unexpected_error_codes",
       static_cast<double>(notes_.count(FindingId::kUnexpectedErrorCode))},
      {"further_checks", static_cast<double>(further_)},
      {"not_covered", static_cast<double>(uncovered_.size())},
  };
  if (!uncovered_.empty()) {
    session_.result.data = {{"not_covered", uncovered_}};
    session_.result.lower_to(report::Status::kInconclusive,
                             std::to_string(uncovered_.size()) + " not covered: " + uncovered_[0]);
  }
}

void Conformance::run() {
  if (auto ok = own_.create_topic(); !ok) {
    uncovered_.push_back("the run's own topic: " + ok.error().message());
  }
  cover_advertised();
  refuse_unadvertised();
  check_fallback();
  check_unknown_tags();
  check_order();
  publish();
}

cli::Result<void> conformance(tool::Session& session) {
  const cli::Duration patience =
      session.option<cli::DurationArg>("answer-timeout", {kDefaultPatience}).value;
  auto peer = reach(session, patience);
  if (!peer) return tl::make_unexpected(peer.error());
  Conformance(session, *peer).run();
  return {};
}

}  // namespace ks::probe
