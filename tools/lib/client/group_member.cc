#include "lib/client/group_member.h"

#include <algorithm>
#include <utility>

#include "lib/client/group_requests.h"
#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

// A JoinGroup is held back until all members have joined; the Java client adds as much for the way.
constexpr auto kJoinGroupLapse = std::chrono::seconds(5);

std::string text_of(const std::vector<TopicPartition>& partitions) {
  std::string out;
  for (const TopicPartition& at : partitions) out += (out.empty() ? "" : " ") + at.text();
  return out.empty() ? "nothing" : out;
}

const Value* whole_body(const wire::Reply& reply) { return &reply.body; }

}  // namespace

ConsumerGroupMember::ConsumerGroupMember(Cluster& cluster, std::string group,
                                         std::vector<std::string> topics, GroupEvents events)
    : cluster_(cluster),
      options_(cluster.options()),
      group_(std::move(group)),
      topics_(std::move(topics)),
      events_(std::move(events)),
      coordinator_(cluster, group_, diary_),
      membership_{"", options_.group_instance_id, -1},
      timer_(cluster.loop()) {}

ConsumerGroupMember::~ConsumerGroupMember() = default;

bool ConsumerGroupMember::is_active() const {
  return state_ != State::kOut && state_ != State::kLeaving && state_ != State::kFailed;
}

void ConsumerGroupMember::pause() {
  new_round();
  paused_ = true;
}

void ConsumerGroupMember::resume() {
  paused_ = false;
  if (!timer_.is_set()) step();
}

// ---- what comes next ----------------------------------------------------------------------------

void ConsumerGroupMember::new_round() {
  round_ = std::make_shared<const char>();
  timer_.cancel();
  diary_.forget_waiting();
}

void ConsumerGroupMember::step() {
  if (paused_ || !is_active()) return;
  if (!coordinator_.is_known()) return find_coordinator();
  is_stable() ? heartbeat() : join_group();
}

void ConsumerGroupMember::step_after(cli::Duration pause) {
  timer_.set(cli::Clock::now() + pause, [this] { step(); });
}

// At once, as the Java client does; with a pause where that has not helped.
void ConsumerGroupMember::retry() {
  step_after(retries_++ == 0 ? cli::Duration::zero() : options_.retry_backoff);
}

void ConsumerGroupMember::find_coordinator() {
  if (!is_stable()) state_ = State::kFinding;
  coordinator_.find(cli::Clock::now() + options_.request_timeout,
                    in_this_round([this](const cli::Result<std::int16_t>& found) {
                      if (!found) return on_unanswered(ApiKey::kFindCoordinator, found.error());
                      *found == 0 ? step() : on_refused(ApiKey::kFindCoordinator, *found);
                    }));
}

void ConsumerGroupMember::call(
    ApiKey api, Fill fill, cli::Duration timeout,
    void (ConsumerGroupMember::*on_answer)(const GroupCoordinator::Answer&)) {
  coordinator_.call(
      api, std::move(fill), whole_body, cli::Clock::now() + timeout,
      in_this_round([this, api, on_answer](const cli::Result<GroupCoordinator::Answer>& answer) {
        if (!answer) return on_unanswered(api, answer.error());
        (this->*on_answer)(*answer);
      }));
}

void ConsumerGroupMember::on_unanswered(ApiKey api, const cli::Error& why) {
  if (const auto mismatch = coordinator_.rule_out(api)) {
    cluster_.note(wire::FindingId::kGroupApisUnreachable, mismatch->where);
    return fail(*mismatch);
  }
  const std::int16_t served = coordinator_.versions().range(ApiKey::kJoinGroup).max;
  constexpr std::int16_t kWithInstanceId = 5;
  if (api == ApiKey::kJoinGroup && !options_.group_instance_id.empty() && served >= 0 &&
      served < kWithInstanceId) {
    return fail({"static members need JoinGroup 5", "the broker serves " + std::to_string(served),
                 "leave out group.instance.id"});
  }
  reason_ = why.what;
  step_after(options_.retry_backoff);
}

// Of everything that leads to a stable generation.
void ConsumerGroupMember::on_refused(ApiKey api, std::int16_t code) {
  reason_ = wire::error_name(code);
  switch (wire::to_error(code)) {
    case ErrorCode::kUnknownMemberId:
      membership_.member_id.clear();
      [[fallthrough]];
    case ErrorCode::kIllegalGeneration:
      membership_.generation_id = -1;
      [[fallthrough]];
    case ErrorCode::kRebalanceInProgress:
    case ErrorCode::kMemberIdRequired:
      return retry();
    default:
      break;
  }
  if (wire::is_retriable(code)) return step_after(options_.retry_backoff);
  fail({wire::api_name(static_cast<std::int16_t>(api)) + " failed: " + reason_, group_, "",
        reason_});
}

// ---- joining ------------------------------------------------------------------------------------

void ConsumerGroupMember::join() {
  joins_when_left_ = state_ == State::kLeaving;
  if (is_active() || joins_when_left_) return;
  failure_.reset();
  membership_ = {"", options_.group_instance_id, -1};
  reason_.clear();
  retries_ = 0;
  state_ = State::kFinding;
  diary_.unstable(cli::Clock::now());
  step();
}

void ConsumerGroupMember::join_group() {
  state_ = State::kJoining;
  const Fill fill = [this](std::int16_t) {
    return join_group_request(group_, membership_, topics_, reason_, options_);
  };
  call(ApiKey::kJoinGroup, fill,
       std::max<cli::Duration>(options_.request_timeout,
                               options_.rebalance_timeout + kJoinGroupLapse),
       &ConsumerGroupMember::on_join);
}

void ConsumerGroupMember::on_join(const GroupCoordinator::Answer& answer) {
  const Value& body = answer.reply.body;
  const auto generation = static_cast<std::int32_t>(body["generation_id"].as_int());
  if (const auto churn =
          diary_.generation(generation, cli::Clock::now(), options_.session_timeout)) {
    cluster_.note(wire::FindingId::kRebalanceChurn, *churn);
  }
  const std::string_view member_id = body["member_id"].as_string();
  const bool is_id_given = answer.error_code == 0 ||
                           wire::to_error(answer.error_code) == ErrorCode::kMemberIdRequired ||
                           wire::to_error(answer.error_code) == ErrorCode::kRebalanceInProgress;
  if (is_id_given && !member_id.empty()) {
    membership_.member_id = member_id;
    ids_.emplace(member_id);
  }
  if (answer.error_code != 0) return on_refused(ApiKey::kJoinGroup, answer.error_code);
  membership_.generation_id = generation;
  protocol_ = body["protocol_name"].as_string();
  leader_id_ = body["leader"].as_string();
  own_.reset();
  members_.clear();
  for (const Value& member : body["members"].items()) {
    const std::string_view instance = member["group_instance_id"].as_string();
    members_.emplace_back(instance.empty() ? member["member_id"].as_string() : instance);
  }
  if (is_leader() && !body["skip_assignment"].as_bool()) return lead(body["members"]);
  sync_group({});
}

// ---- assigning, as the leader -------------------------------------------------------------------

void ConsumerGroupMember::lead(const Value& members) {
  std::vector<Subscription> subscriptions;
  std::set<std::string> topics;
  for (const Value& member : members.items()) {
    auto subscribed = decode_subscription(member["metadata"].as_bytes());
    if (!subscribed) return fail(subscribed.error());
    topics.insert(subscribed->begin(), subscribed->end());
    subscriptions.push_back({std::string(member["member_id"].as_string()), std::move(*subscribed)});
  }
  if (topics.empty()) return assign(subscriptions);
  cluster_.refresh(topics, false, cli::Clock::now() + options_.request_timeout,
                   in_this_round([this, subscriptions](const cli::Result<void>& done) {
                     if (done) return assign(subscriptions);
                     diary_.unanswered(ApiKey::kMetadata, done.error());
                     on_unanswered(ApiKey::kMetadata, done.error());
                   }));
}

void ConsumerGroupMember::assign(const std::vector<Subscription>& members) {
  PartitionCounts counts;
  for (const Subscription& member : members) {
    for (const std::string& name : member.topics) {
      const TopicMetadata* topic = cluster_.topic(name);
      if (topic != nullptr) counts[name] = static_cast<std::int32_t>(topic->partitions.size());
    }
  }
  const auto assignment = assign_partitions(protocol_, members, counts);
  if (!assignment) return fail(assignment.error());
  const auto own = assignment->find(membership_.member_id);
  if (own != assignment->end()) own_ = own->second;
  sync_group(*assignment);
}

// ---- syncing ------------------------------------------------------------------------------------

void ConsumerGroupMember::sync_group(const Assignment& assignment) {
  state_ = State::kSyncing;
  const Fill fill = [this, assignment](std::int16_t version) {
    return sync_group_request(group_, membership_, protocol_, assignment, version);
  };
  call(ApiKey::kSyncGroup, fill, options_.request_timeout, &ConsumerGroupMember::on_sync);
}

void ConsumerGroupMember::on_sync(const GroupCoordinator::Answer& answer) {
  if (answer.error_code != 0) return on_refused(ApiKey::kSyncGroup, answer.error_code);
  const std::string_view bytes = answer.reply.body["assignment"].as_bytes();
  auto assignment = bytes.empty() ? std::vector<TopicPartition>() : decode_assignment(bytes);
  if (!assignment) return fail(assignment.error());
  assignment_ = std::move(*assignment);
  std::sort(assignment_.begin(), assignment_.end());
  if (own_ && *own_ != assignment_) {
    cluster_.note(wire::FindingId::kAssignmentNotTheLeaders,
                  "the leader gave itself " + text_of(*own_) + " and got " + text_of(assignment_));
  }
  on_stable();
}

void ConsumerGroupMember::on_stable() {
  state_ = State::kStable;
  retries_ = 0;
  last_contact_ = cli::Clock::now();
  diary_.stable();
  step_after(options_.heartbeat_interval);
  if (events_.on_assigned) events_.on_assigned(membership_.generation_id, assignment_);
}

// ---- stable -------------------------------------------------------------------------------------

void ConsumerGroupMember::heartbeat() {
  heartbeat_sent_ = cli::Clock::now();
  const Fill fill = [this](std::int16_t version) {
    return heartbeat_request(group_, membership_, version);
  };
  call(ApiKey::kHeartbeat, fill, std::min(options_.request_timeout, options_.session_timeout),
       &ConsumerGroupMember::on_heartbeat);
}

void ConsumerGroupMember::on_heartbeat(const GroupCoordinator::Answer& answer) {
  const auto now = cli::Clock::now();
  switch (wire::to_error(answer.error_code)) {
    case ErrorCode::kNone:
      last_contact_ = now;
      diary_.settled();
      return timer_.set(heartbeat_sent_ + options_.heartbeat_interval, [this] { step(); });
    case ErrorCode::kRebalanceInProgress:
      return rejoin("group is already rebalancing");
    case ErrorCode::kIllegalGeneration:
      return lose(true, wire::error_name(answer.error_code));
    case ErrorCode::kUnknownMemberId:
      if (is_in_session()) {
        cluster_.note(wire::FindingId::kMemberFenced,
                      "Heartbeat of " + membership_.member_id + " got UNKNOWN_MEMBER_ID " +
                          cli::format_duration(now - last_contact_) +
                          " after the last one, the session time-out is " +
                          cli::format_duration(options_.session_timeout));
      }
      return lose(false, wire::error_name(answer.error_code));
    default:
      return on_refused(ApiKey::kHeartbeat, answer.error_code);
  }
}

bool ConsumerGroupMember::is_in_session() const {
  return cli::Clock::now() - last_contact_ < options_.session_timeout;
}

void ConsumerGroupMember::release(const Released& tell) {
  const auto released = std::exchange(assignment_, {});
  if (tell && !released.empty()) tell(released);
}

void ConsumerGroupMember::rejoin(const std::string& reason) {
  if (!is_stable()) return;
  new_round();
  reason_ = reason;
  state_ = State::kJoining;
  diary_.unstable(cli::Clock::now());
  release(events_.on_revoked);
  step();
}

void ConsumerGroupMember::lose(bool keep_id, const std::string& reason) {
  new_round();
  membership_.generation_id = -1;
  if (!keep_id) membership_.member_id.clear();
  reason_ = reason;
  state_ = State::kJoining;
  diary_.unstable(cli::Clock::now());
  release(events_.on_lost);
  retry();
}

// ---- ending -------------------------------------------------------------------------------------

void ConsumerGroupMember::fail(const cli::Error& why) {
  new_round();
  state_ = State::kFailed;
  failure_ = why;
  membership_.generation_id = -1;
  diary_.unstable(cli::Clock::now());
  release(events_.on_lost);
  if (events_.on_fatal) events_.on_fatal(why);
}

void ConsumerGroupMember::kill() {
  new_round();
  state_ = State::kOut;
  paused_ = false;
  joins_when_left_ = false;
  left_.clear();
  coordinator_.abandon("the member was killed");
  release(events_.on_lost);
}

std::string ConsumerGroupMember::explain() const {
  if (failure_) return "gave up: " + failure_->message();
  if (state_ == State::kOut) return "has not joined";
  const auto now = cli::Clock::now();
  const std::string prefix = paused_ ? "paused; " : "";
  if (!is_stable()) return prefix + diary_.explain(now);
  if (is_in_session()) return {};
  return prefix + "no heartbeat was accepted for " + cli::format_duration(now - last_contact_) +
         "; " + diary_.troubles(now);
}

}  // namespace ks::client
