#include "lib/probe/own_things.h"

#include <algorithm>
#include <random>

#include "lib/cli/signals.h"
#include "lib/probe/error_codes.h"
#include "lib/wire/error_code.h"
#include "lib/wire/value_json.h"

namespace ks::probe {
namespace {

using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

constexpr ApiKey kConsumerGroupHeartbeat{68};
constexpr ApiKey kShareGroupHeartbeat{76};
constexpr auto kPause = std::chrono::milliseconds(100);

bool is_without_coordinator(ErrorCode code) {
  return code == ErrorCode::kCoordinatorLoadInProgress ||
         code == ErrorCode::kCoordinatorNotAvailable || code == ErrorCode::kNotCoordinator;
}

// Codes with which a broker asks a client that joins to come again.
bool comes_again(ErrorCode code) {
  return code == ErrorCode::kMemberIdRequired || code == ErrorCode::kRebalanceInProgress ||
         is_without_coordinator(code);
}

}  // namespace

std::string own_name(const tool::Session& session) {
  constexpr std::size_t kMostBytes = 120;  // a topic's name may have 249, with what follows
  std::string name = "ks-probe-" + session.result.run_id.substr(0, kMostBytes);
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_') c = '-';
  }
  char random[16];
  std::snprintf(random, sizeof random, "-%08x", std::random_device{}());
  return name + random;
}

OwnThings::OwnThings(Peer& peer, const wire::ApiVersions& versions, const std::string& name)
    : peer_(peer), versions_(versions), leader_(peer.address()) {
  subject_.topic = name;
  subject_.group = name;
}

OwnThings::~OwnThings() {
  // Each as well as it goes: what one leaves behind is no reason to leave more.
  static_cast<void>(ask_validly(ApiKey::kEndTxn));
  if (!subject_.member_id.empty()) static_cast<void>(ask_validly(ApiKey::kLeaveGroup));
  leave(kConsumerGroupHeartbeat, "-consumer");
  leave(kShareGroupHeartbeat, "-share");
  Value::Array groups;
  for (const char* suffix : {"", "-consumer", "-share"}) {
    groups.emplace_back(subject_.group + suffix);
  }
  static_cast<void>(ask(ApiKey::kDeleteGroups, {{"groups_names", std::move(groups)}}));

  Value::Array names{Value(subject_.topic)};
  const wire::Api* create = wire::find_api(ApiKey::kCreateTopics);
  for (std::int16_t version = create->versions.min; version <= create->versions.max; ++version) {
    names.emplace_back(subject_.topic + "-v" + std::to_string(version));
  }
  Value::Array topics;
  for (const Value& name : names) topics.push_back({{"name", name}});
  constexpr int kTimeoutMs = 5000;
  constexpr std::int16_t kFirstWithTopics = 6;
  const bool by_topics = versions_.range(ApiKey::kDeleteTopics).max >= kFirstWithTopics;
  Value request = {{"timeout_ms", kTimeoutMs}};
  by_topics ? request.set("topics", std::move(topics))
            : request.set("topic_names", std::move(names));
  static_cast<void>(ask(ApiKey::kDeleteTopics, request));
}

// At the highest version both sides have.
cli::Result<Value> OwnThings::ask(ApiKey api, const Value& fields) {
  const wire::VersionRange known = wire::find_api(api)->versions;
  const wire::VersionRange served = versions_.range(api);
  if (!known.overlaps(served)) return cli::fail("not served");
  auto reply = peer_.call(api, std::min(known.max, served.max), fields);
  if (!reply) return tl::make_unexpected(reply.error());
  learn(api, reply->body);
  return std::move(reply->body);
}

cli::Result<Value> OwnThings::ask_validly(ApiKey api) {
  const std::int16_t version =
      std::min(wire::find_api(api)->versions.max, versions_.range(api).max);
  auto fields = valid_request(api, version, subject_);
  if (!fields) return tl::make_unexpected(fields.error());
  return ask(api, *fields);
}

void OwnThings::leave(ApiKey heartbeat, const char* group_suffix) {
  const std::int16_t version =
      std::min(wire::find_api(heartbeat)->versions.max, versions_.range(heartbeat).max);
  auto fields = valid_request(heartbeat, version, subject_);
  if (!fields) return;
  fields->set("group_id", subject_.group + group_suffix);
  fields->set("member_epoch", -1);
  static_cast<void>(ask(heartbeat, *fields));
}

bool OwnThings::has_leader() {
  const auto metadata = ask_validly(ApiKey::kMetadata);
  if (!metadata || (*metadata)["topics"].items().empty()) return false;
  const Value& topic = (*metadata)["topics"][0];
  if (topic["error_code"].as_int() != 0 || topic["partitions"].items().empty()) return false;
  const auto json = wire::to_json(*wire::find_response(ApiKey::kMetadata),
                                  wire::find_api(ApiKey::kMetadata)->versions.max, *metadata);
  subject_.topic_id = json["topics"][0]["topic_id"].get<std::string>();
  const std::int64_t leader = topic["partitions"][0]["leader_id"].as_int();
  for (const Value& broker : (*metadata)["brokers"].items()) {
    if (broker["node_id"].as_int() != leader) continue;
    leader_ = {std::string(broker["host"].as_string()),
               static_cast<std::uint16_t>(broker["port"].as_int())};
  }
  return leader >= 0;
}

cli::Result<void> OwnThings::create_topic() {
  constexpr int kTimeoutMs = 5000;
  const auto created = ask(ApiKey::kCreateTopics, {{"topics", Value::array({{
                                                                  {"name", subject_.topic},
                                                                  {"num_partitions", 1},
                                                                  {"replication_factor", 1},
                                                              }})},
                                                   {"timeout_ms", kTimeoutMs}});
  if (!created) return tl::make_unexpected(created.error());
  const auto& topics = (*created)["topics"].items();
  const std::int64_t code = topics.empty() ? 0 : topics[0]["error_code"].as_int();
  if (code != 0) {
    return cli::fail("cannot create topic: " + wire::error_name(static_cast<std::int16_t>(code)),
                     subject_.topic);
  }
  const cli::Deadline until = peer_.deadline();
  while (!has_leader()) {
    if (cli::stop_signal() != 0 || cli::Clock::now() > until) {
      return cli::fail("the topic has no leader", subject_.topic);
    }
    if (auto ok = peer_.open(); !ok) return ok;
    peer_.connection().loop().run_ready(kPause);
  }
  return {};
}

void OwnThings::learn(ApiKey api, const Value& response) {
  const Value* code = response.find("error_code");
  const ErrorCode error = code == nullptr ? ErrorCode::kNone : wire::to_error(code->as_int());
  if (api == ApiKey::kJoinGroup) {
    if (!response["member_id"].as_string().empty()) {
      subject_.member_id = response["member_id"].as_string();
    }
    if (error != ErrorCode::kNone) return;
    subject_.generation_id = static_cast<std::int32_t>(response["generation_id"].as_int());
    synced_ = false;
  } else if (api == ApiKey::kLeaveGroup) {
    synced_ = false;
    if (!error_codes(response).empty()) return;  // still a member, as far as anybody knows
    subject_.member_id.clear();
    subject_.generation_id = -1;
  } else if (api == ApiKey::kSyncGroup) {
    synced_ = error == ErrorCode::kNone;
  } else if (api == ApiKey::kInitProducerId || api == ApiKey::kEndTxn) {
    const std::int64_t id = response["producer_id"].as_int();
    if (error != ErrorCode::kNone || id < 0) return;
    subject_.producer_id = id;
    subject_.producer_epoch = static_cast<std::int16_t>(response["producer_epoch"].as_int());
  }
}

bool OwnThings::sync() { return ask_validly(ApiKey::kSyncGroup).has_value() && synced_; }

void OwnThings::join() {
  const cli::Deadline until = peer_.deadline();
  synced_ = false;  // its session may have ended meanwhile
  while (!synced_ && cli::stop_signal() == 0 && cli::Clock::now() < until) {
    if (subject_.generation_id >= 0 && sync()) return;
    const auto joined = ask_validly(ApiKey::kJoinGroup);
    if (!joined) return;
    const ErrorCode code = wire::to_error((*joined)["error_code"].as_int());
    if (code == ErrorCode::kUnknownMemberId) {
      subject_.member_id.clear();
    } else if (code != ErrorCode::kNone && !comes_again(code)) {
      return;
    }
    if (code != ErrorCode::kNone && code != ErrorCode::kMemberIdRequired) {
      if (!peer_.open()) return;
      peer_.connection().loop().run_ready(kPause);
    }
  }
}

void OwnThings::begin_transactions() {
  constexpr int kTransaction = 1;  // FindCoordinator's key_type
  const cli::Deadline until = peer_.deadline();
  while (subject_.producer_id < 0 && cli::stop_signal() == 0 && cli::Clock::now() < until) {
    const bool in_a_list = versions_.range(ApiKey::kFindCoordinator).max >= 4;
    const Value key = subject_.group;
    // The first question makes a broker create the topic that transactions are kept in.
    static_cast<void>(
        ask(ApiKey::kFindCoordinator,
            in_a_list ? Value{{"coordinator_keys", Value::array({key})}, {"key_type", kTransaction}}
                      : Value{{"key", key}, {"key_type", kTransaction}}));
    const auto begun = ask_validly(ApiKey::kInitProducerId);
    if (!begun || !is_without_coordinator(wire::to_error((*begun)["error_code"].as_int()))) return;
    peer_.connection().loop().run_ready(kPause);
  }
}

}  // namespace ks::probe
