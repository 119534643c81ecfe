#pragma once

#include <deque>
#include <set>

#include "lib/client/requests.h"
#include "lib/wire/error_code.h"
#include "loop_broker.h"

namespace ks::test {

// Brokers that coordinate one group (classic protocol) as Kafka does, for tests to let them err.
// Its one topic is "orders".
class FakeGroup {
 public:
  explicit FakeGroup(wire::Loop& loop)
      : broker(loop, [this](const auto& r, const auto& answer) { serve(r, answer, false); }),
        other(loop, [this](const auto& r, const auto& answer) { serve(r, answer, true); }) {}

  LoopBroker broker;
  LoopBroker other;  // of the same cluster: coordinates what is said to have moved there
  bool has_moved = false;
  bool strangers_are_elsewhere = false;  // groups other than "g"
  std::int32_t partitions = 4;

  // ---- how it errs ----
  std::map<wire::ApiKey, std::deque<wire::ErrorCode>> refusals;  // the next answers of an API
  std::set<wire::ApiKey> silent;                                 // APIs that are not answered
  std::function<void(std::map<std::string, std::vector<client::TopicPartition>>&)> tamper;
  bool accepts_fenced_commits = false;     // of any member, in any generation
  bool accepts_fenced_heartbeats = false;  // of any member, in any generation
  bool refuses_commits = false;
  std::int32_t generation_step = 1;
  bool names_other_leaders = false;    // each follower is told of a leader of its own
  bool lists_only_the_leader = false;  // of the members, to the leader
  bool knows_no_leaver = false;        // LeaveGroup answers UNKNOWN_MEMBER_ID
  std::int64_t no_commit = -1;         // what OffsetFetch says where there is none
  bool asks_to_poll = false;           // JoinGroup is refused, with a member id, until all joined

  // ---- what it saw ----
  std::vector<LoopBroker::Request> requests;  // without Metadata
  std::map<client::TopicPartition, std::int64_t> committed;
  std::int32_t generation = 0;

  std::vector<wire::ApiKey> apis() const {
    std::vector<wire::ApiKey> out;
    for (const auto& request : requests) out.push_back(request.api);
    return out;
  }
  const LoopBroker::Request* last(wire::ApiKey api) const {
    const LoopBroker::Request* out = nullptr;
    for (const auto& request : requests) {
      if (request.api == api) out = &request;
    }
    return out;
  }
  std::size_t count(wire::ApiKey api) const {
    const auto all = apis();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), api));
  }
  std::size_t size() const { return members_.size(); }
  // As if somebody else had joined: the members are to join again.
  void rebalance() { state_ = State::kPreparing; }
  void stop() {
    broker.stop();
    other.stop();
  }
  // As if the session had ended.
  void forget_members() { members_.clear(); }

 private:
  using Value = wire::Value;
  using Request = LoopBroker::Request;
  using Answer = LoopBroker::Answer;
  enum class State { kEmpty, kPreparing, kCompleting, kStable };
  struct Member {
    std::string instance;
    std::string subscription;
    cli::Duration session{};
    cli::Deadline heard_of;
    Answer joining;  // held back until all have joined
    Answer syncing;  // held back until the leader has synced
    std::string assignment;
  };

  static constexpr std::int64_t code(wire::ErrorCode error) {
    return static_cast<std::int64_t>(error);
  }
  static constexpr std::int16_t kOfGroups = 8;  // OffsetFetch

  static std::string group_of(const Request& request) {
    const Value& body = request.body;
    if (request.api == wire::ApiKey::kFindCoordinator) {
      return std::string(request.version < 4 ? body["key"].as_string()
                                             : body["coordinator_keys"][0].as_string());
    }
    if (request.api == wire::ApiKey::kOffsetFetch && request.version >= kOfGroups) {
      return std::string(body["groups"][0]["group_id"].as_string());
    }
    return std::string(body["group_id"].as_string());
  }
  static Value refusal(const Request& request, wire::ErrorCode error) {
    if (request.api == wire::ApiKey::kFindCoordinator && request.version >= 4) {
      return {{"coordinators", Value::array({{{"key", "g"}, {"error_code", code(error)}}})}};
    }
    if (request.api == wire::ApiKey::kOffsetFetch && request.version >= kOfGroups) {
      return {{"groups",
               Value::array({{{"group_id", group_of(request)}, {"error_code", code(error)}}})}};
    }
    if (request.api == wire::ApiKey::kOffsetCommit) return commit_answer(request.body, error);
    if (request.api == wire::ApiKey::kJoinGroup) {
      return {{"error_code", code(error)}, {"member_id", request.body["member_id"]}};
    }
    return {{"error_code", code(error)}};
  }

  void serve(const Request& request, const Answer& answer, bool at_other) {
    using wire::ApiKey;
    if (request.api == ApiKey::kMetadata) return answer(metadata());
    requests.push_back(request);
    if (silent.count(request.api) != 0) return unanswered_.push_back(answer);
    expire();
    if (auto& next = refusals[request.api]; !next.empty()) {
      const wire::ErrorCode error = next.front();
      next.pop_front();
      if (error == wire::ErrorCode::kUnknownMemberId) {
        members_.erase(std::string(request.body["member_id"].as_string()));
      }
      return answer(refusal(request, error));
    }
    if (request.api != ApiKey::kFindCoordinator && at_other != is_at_other(group_of(request))) {
      return answer(refusal(request, wire::ErrorCode::kNotCoordinator));
    }
    switch (request.api) {
      case ApiKey::kFindCoordinator:
        return answer(coordinator(group_of(request), request.version));
      case ApiKey::kJoinGroup:
        return join(request, answer);
      case ApiKey::kSyncGroup:
        return sync(request, answer);
      case ApiKey::kHeartbeat:
        return answer({{"error_code", code(heartbeat(request.body))}});
      case ApiKey::kLeaveGroup:
        return answer(leave(request));
      case ApiKey::kOffsetCommit:
        return answer(commit(request.body));
      case ApiKey::kOffsetFetch:
        return answer(fetch(request));
      default:
        throw std::logic_error("FakeGroup does not serve " +
                               wire::api_name(static_cast<std::int16_t>(request.api)));
    }
  }

  // ---- where it is ----

  Value metadata() const {
    Value::Array all;
    for (std::int32_t id = 0; id < partitions; ++id) {
      all.push_back({{"partition_index", id}, {"leader_id", 0}});
    }
    return {{"brokers", Value::array({node(0), node(1)})},
            {"topics", Value::array({{{"name", "orders"}, {"partitions", std::move(all)}}})}};
  }
  Value node(int id) const {
    const wire::Address address = id == 0 ? broker.address() : other.address();
    return {{"node_id", id}, {"host", address.host}, {"port", address.port}};
  }
  bool is_at_other(const std::string& group) const {
    return group == "g" ? has_moved : strangers_are_elsewhere;
  }
  Value coordinator(const std::string& group, std::int16_t version) const {
    Value one = node(is_at_other(group) ? 1 : 0);
    if (version < 4) return one;
    one.set("key", group);
    return {{"coordinators", Value::array({one})}};
  }

  // ---- membership ----

  void expire() {
    const auto now = cli::Clock::now();
    const auto left = std::erase_if(members_, [&](const auto& entry) {
      return !entry.second.joining && now - entry.second.heard_of > entry.second.session;
    });
    if (left != 0) state_ = State::kPreparing;
  }

  std::string id_of_instance(const std::string& instance) const {
    for (const auto& [id, member] : members_) {
      if (!instance.empty() && member.instance == instance) return id;
    }
    return {};
  }

  void join(const Request& request, const Answer& answer) {
    const Value& body = request.body;
    std::string id(body["member_id"].as_string());
    const std::string instance(body["group_instance_id"].as_string());
    if (!id.empty() && members_.count(id) == 0 && pending_.count(id) == 0) {
      return answer(refusal(request, wire::ErrorCode::kUnknownMemberId));
    }
    if (id.empty()) {
      id = "member-" + std::to_string(++last_id_);
      members_.erase(id_of_instance(instance));
      constexpr std::int16_t kWithIdFirst = 4;
      if (request.version >= kWithIdFirst && instance.empty() && !asks_to_poll) {
        pending_.insert(id);
        return answer(
            {{"error_code", code(wire::ErrorCode::kMemberIdRequired)}, {"member_id", id}});
      }
    }
    pending_.erase(id);
    const bool is_member = members_.count(id) != 0;
    if (asks_to_poll && is_member && state_ != State::kPreparing) return answer(joined(id));
    Member& member = members_[id];
    member.instance = instance;
    member.subscription = body["protocols"][0]["metadata"].as_bytes();
    member.session = std::chrono::milliseconds(body["session_timeout_ms"].as_int());
    member.heard_of = cli::Clock::now();
    member.joining = answer;
    protocol_ = body["protocols"][0]["name"].as_string();
    state_ = State::kPreparing;
    complete_join();
    if (asks_to_poll && member.joining) {
      member.joining = [](const Value&) {};
      answer({{"error_code", code(wire::ErrorCode::kRebalanceInProgress)}, {"member_id", id}});
    }
  }

  void complete_join() {
    for (const auto& [id, member] : members_) {
      if (!member.joining) return;
    }
    generation += generation_step;
    state_ = State::kCompleting;
    leader_ = members_.begin()->first;
    for (auto& [id, member] : members_) std::exchange(member.joining, nullptr)(joined(id));
  }

  Value joined(const std::string& id) const {
    Value::Array all;
    for (const auto& [name, member] : members_) {
      if (lists_only_the_leader && name != leader_) continue;
      all.push_back({{"member_id", name},
                     {"group_instance_id", client::nullable(member.instance)},
                     {"metadata", Value::owned_bytes(member.subscription)}});
    }
    return {{"generation_id", generation},
            {"protocol_type", "consumer"},
            {"protocol_name", protocol_},
            {"leader", names_other_leaders && id != leader_ ? "not " + leader_ : leader_},
            {"member_id", id},
            {"members", id == leader_ ? all : Value::Array()}};
  }

  wire::ErrorCode check(const Value& body, std::string_view generation_field) const {
    const auto member = members_.find(std::string(body["member_id"].as_string()));
    const std::string instance(body["group_instance_id"].as_string());
    if (member == members_.end()) {
      return id_of_instance(instance).empty() ? wire::ErrorCode::kUnknownMemberId
                                              : wire::ErrorCode::kFencedInstanceId;
    }
    return body[generation_field].as_int() == generation ? wire::ErrorCode::kNone
                                                         : wire::ErrorCode::kIllegalGeneration;
  }

  void sync(const Request& request, const Answer& answer) {
    const wire::ErrorCode error = check(request.body, "generation_id");
    if (error != wire::ErrorCode::kNone) return answer(refusal(request, error));
    if (state_ == State::kPreparing) {
      return answer(refusal(request, wire::ErrorCode::kRebalanceInProgress));
    }
    const std::string id(request.body["member_id"].as_string());
    members_[id].syncing = answer;
    if (id == leader_) take_assignments(request.body["assignments"]);
    if (state_ != State::kStable) return;
    for (auto& [name, member] : members_) {
      if (!member.syncing) continue;
      std::exchange(member.syncing, nullptr)({{"protocol_type", "consumer"},
                                              {"protocol_name", protocol_},
                                              {"assignment", Value::bytes(member.assignment)}});
    }
  }

  void take_assignments(const Value& assignments) {
    std::map<std::string, std::vector<client::TopicPartition>> all;
    for (const Value& one : assignments.items()) {
      all[std::string(one["member_id"].as_string())] =
          *client::decode_assignment(one["assignment"].as_bytes());
    }
    if (tamper) tamper(all);
    for (const auto& [id, partitions_of] : all) {
      members_[id].assignment = client::encode_assignment(partitions_of);
    }
    state_ = State::kStable;
  }

  wire::ErrorCode heartbeat(const Value& body) {
    const wire::ErrorCode error = check(body, "generation_id");
    const auto member = members_.find(std::string(body["member_id"].as_string()));
    if (member != members_.end()) member->second.heard_of = cli::Clock::now();
    if (accepts_fenced_heartbeats && error != wire::ErrorCode::kNone) return wire::ErrorCode::kNone;
    if (error == wire::ErrorCode::kNone && state_ == State::kPreparing) {
      return wire::ErrorCode::kRebalanceInProgress;
    }
    return error;
  }

  Value leave(const Request& request) {
    const bool has_list = request.version >= 3;
    const Value& who = has_list ? request.body["members"][0] : request.body;
    const std::string id(who["member_id"].as_string());
    const bool is_known = members_.erase(id) != 0 && !knows_no_leaver;
    if (!members_.empty()) state_ = State::kPreparing;
    const auto error = is_known ? wire::ErrorCode::kNone : wire::ErrorCode::kUnknownMemberId;
    if (!has_list) return {{"error_code", code(error)}};
    return {{"members", Value::array({{{"member_id", id},
                                       {"group_instance_id", nullptr},
                                       {"error_code", code(error)}}})}};
  }

  // ---- offsets ----

  static Value commit_answer(const Value& body, wire::ErrorCode error) {
    Value::Array topics;
    for (const Value& topic : body["topics"].items()) {
      Value::Array all;
      for (const Value& partition : topic["partitions"].items()) {
        all.push_back(
            {{"partition_index", partition["partition_index"]}, {"error_code", code(error)}});
      }
      topics.push_back({{"name", topic["name"]}, {"partitions", std::move(all)}});
    }
    return {{"topics", std::move(topics)}};
  }

  Value commit(const Value& body) {
    auto error = check(body, "generation_id_or_member_epoch");
    if (accepts_fenced_commits) error = wire::ErrorCode::kNone;
    if (refuses_commits) error = wire::ErrorCode::kIllegalGeneration;
    for (const Value& topic : body["topics"].items()) {
      for (const Value& partition : topic["partitions"].items()) {
        if (error != wire::ErrorCode::kNone) continue;
        committed[{std::string(topic["name"].as_string()),
                   static_cast<std::int32_t>(partition["partition_index"].as_int())}] =
            partition["committed_offset"].as_int();
      }
    }
    return commit_answer(body, error);
  }

  Value fetch(const Request& request) const {
    const bool has_groups = request.version >= kOfGroups;
    const Value& asked = has_groups ? request.body["groups"][0] : request.body;
    Value::Array topics;
    for (const Value& topic : asked["topics"].items()) {
      Value::Array all;
      for (const Value& index : topic["partition_indexes"].items()) {
        const auto known = committed.find(
            {std::string(topic["name"].as_string()), static_cast<std::int32_t>(index.as_int())});
        const bool is_ours = asked["group_id"].as_string() == "g" && known != committed.end();
        all.push_back({{"partition_index", index},
                       {"committed_offset", is_ours ? known->second : no_commit},
                       {"metadata", ""}});
      }
      topics.push_back({{"name", topic["name"]}, {"partitions", std::move(all)}});
    }
    if (!has_groups) return {{"topics", std::move(topics)}};
    return {{"groups",
             Value::array({{{"group_id", asked["group_id"]}, {"topics", std::move(topics)}}})}};
  }

  State state_ = State::kEmpty;
  std::map<std::string, Member> members_;
  std::set<std::string> pending_;   // ids given, not joined with yet
  std::vector<Answer> unanswered_;  // without them their connections would end
  int last_id_ = 0;
  std::string leader_;
  std::string protocol_;
};

}  // namespace ks::test
