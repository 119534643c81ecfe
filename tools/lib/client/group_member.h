#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/client/assignor.h"
#include "lib/client/cluster.h"
#include "lib/client/group_coordinator.h"
#include "lib/client/group_diary.h"
#include "lib/client/requests.h"

namespace ks::client {

// What a member tells its owner, from inside Loop::run_*. Each may be empty; none may destroy the
// member.
struct GroupEvents {
  std::function<void(std::int32_t generation, const std::vector<TopicPartition>&)> on_assigned;
  // The member is about to rejoin or to leave. What is committed in here still counts for the
  // generation that ends: it is sent before the JoinGroup or LeaveGroup.
  std::function<void(const std::vector<TopicPartition>&)> on_revoked;
  // The coordinator no longer knows the member or its generation: somebody else may have the
  // partitions already, and a commit would be refused.
  std::function<void(const std::vector<TopicPartition>&)> on_lost;
  // The member gave up, after on_lost: nothing that time could mend.
  std::function<void(const cli::Error&)> on_fatal;
};

// One member of a consumer group (classic protocol, eager rebalancing): finds the coordinator,
// joins, assigns where it is the leader, syncs, heartbeats, and does so again when the group
// rebalances or the coordinator moves, until it leaves. Errors are handled as Kafka's Java client
// does (AbstractCoordinator), except that a JoinGroup answer REBALANCE_IN_PROGRESS with a member id
// is joined again with that id, which some brokers expect instead of holding the request back.
//
// Topics, timeouts and the instance id of a static member are those of the cluster's WireOptions
// and of the constructor. Calls go over a connection of the group's own; everything runs on the
// cluster's loop. The cluster must outlive the member.
class ConsumerGroupMember {
 public:
  ConsumerGroupMember(Cluster& cluster, std::string group, std::vector<std::string> topics,
                      GroupEvents events);
  ~ConsumerGroupMember();  // without a word to the coordinator, or a callback
  ConsumerGroupMember(const ConsumerGroupMember&) = delete;
  ConsumerGroupMember& operator=(const ConsumerGroupMember&) = delete;

  enum class State {
    kOut,      // not joined yet, left, or killed
    kFinding,  // the coordinator
    kJoining,
    kSyncing,
    kStable,
    kLeaving,
    kFailed,  // after on_fatal
  };

  // Begins to join; no effect on a member that has begun. After leave() and kill() it joins as a
  // new member; one that is leaving does so when it has left.
  void join();

  // Revokes, and joins again: for a changed number of partitions.
  void rejoin(const std::string& reason);

  // Revokes, and leaves the group, wherever it is coordinated by now. A static member says nothing
  // to the coordinator: it may come back within the session timeout. Calls back once, with the
  // coordinator's refusal as an error, unless the member is killed before.
  using OnDone = std::function<void(cli::Result<void>)>;
  void leave(cli::Deadline deadline, OnDone on_left);

  // As a crash: the connection is dropped, the coordinator hears nothing more. on_lost is called.
  void kill();

  // As a process that stops: nothing is sent until resume(), heartbeats least of all. Commits and
  // fetches still are, for tests to see them refused.
  void pause();
  void resume();
  bool is_paused() const { return paused_; }

  // Commits as this member, in its generation, or as somebody else: the error code that the
  // coordinator answered, the first where partitions differ, 0 where all are committed. Sent again
  // until the deadline while the coordinator cannot be reached or loads.
  using OnCommitted = std::function<void(cli::Result<std::int16_t>)>;
  void commit(const std::vector<Position>& positions, cli::Deadline deadline,
              OnCommitted on_committed);
  void commit_as(const Membership& as, const std::vector<Position>& positions,
                 cli::Deadline deadline, OnCommitted on_committed);

  // The group's commit of each partition, -1 where there is none. Sent again as commits are.
  using OnFetched = std::function<void(cli::Result<std::vector<Position>>)>;
  void fetch_committed(const std::vector<TopicPartition>& partitions, cli::Deadline deadline,
                       OnFetched on_fetched);

  State state() const { return state_; }
  bool is_stable() const { return state_ == State::kStable; }
  bool is_leader() const { return leader_id_ == membership_.member_id; }
  const std::string& leader_id() const { return leader_id_; }  // of this generation
  // The coordinator has no reason to take the member for dead: what it answered last is recent.
  bool is_in_session() const;
  // What JoinGroup told the leader: the members of the generation, each by its instance id or else
  // by its member id. Empty for others.
  const std::vector<std::string>& members() const { return members_; }
  const std::set<std::string>& ids() const { return ids_; }  // all that it was given so far
  const std::string& group() const { return group_; }
  const Membership& membership() const { return membership_; }  // generation -1: none now
  const std::vector<TopicPartition>& assignment() const { return assignment_; }

  const std::map<wire::ApiKey, GroupCalls>& calls() const { return diary_.calls(); }
  std::uint64_t generations() const { return diary_.generations(); }  // in which it was stable

  // One line on why the member is not stable: errors by API and code, rebalances without rest, what
  // the member waits for and how long, versions that do not match. Empty: it is stable, and heard.
  std::string explain() const;

 private:
  using Released = std::function<void(const std::vector<TopicPartition>&)>;

  void step();
  void step_after(cli::Duration pause);
  void retry();
  void find_coordinator();
  void call(wire::ApiKey api, Fill fill, cli::Duration timeout,
            void (ConsumerGroupMember::*on_answer)(const GroupCoordinator::Answer&));
  void on_unanswered(wire::ApiKey api, const cli::Error& why);
  void on_refused(wire::ApiKey api, std::int16_t code);

  void join_group();
  void on_join(const GroupCoordinator::Answer& answer);
  void lead(const wire::Value& members);
  void assign(const std::vector<Subscription>& members);
  void sync_group(const Assignment& assignment);
  void on_sync(const GroupCoordinator::Answer& answer);
  void on_stable();
  void heartbeat();
  void on_heartbeat(const GroupCoordinator::Answer& answer);
  void leave_group(cli::Deadline deadline);
  void leave_again_or(const cli::Result<void>& otherwise, std::int16_t code,
                      cli::Deadline deadline);
  void on_leave(const GroupCoordinator::Answer& answer, cli::Deadline deadline);
  void end_leave(const cli::Result<void>& result);

  void new_round();
  void release(const Released& tell);
  void lose(bool keep_id, const std::string& reason);
  void fail(const cli::Error& why);
  void probe_unseen_group(const TopicPartition& at);
  bool is_active() const;  // joining, or joined
  template <typename Action>
  auto in_this_round(Action action) const;

  Cluster& cluster_;
  const WireOptions& options_;
  const std::string group_;
  const std::vector<std::string> topics_;
  const GroupEvents events_;
  GroupDiary diary_;
  GroupCoordinator coordinator_;

  State state_ = State::kOut;
  bool paused_ = false;
  std::vector<OnDone> left_;  // who waits for it to have left
  bool joins_when_left_ = false;
  std::string leader_id_;
  Membership membership_;
  std::vector<std::string> members_;
  std::set<std::string> ids_;
  std::string protocol_;                            // the assignor of this generation
  std::string reason_;                              // for joining again
  std::vector<TopicPartition> assignment_;          // while stable
  std::optional<std::vector<TopicPartition>> own_;  // what this leader gave itself
  std::uint32_t retries_ = 0;                       // since the last generation
  cli::Deadline last_contact_;                      // SyncGroup or Heartbeat answered well
  cli::Deadline heartbeat_sent_;
  std::optional<cli::Error> failure_;
  bool probed_unseen_group_ = false;
  wire::Timer timer_;  // the next step
  // Answers to what was asked in an earlier round are not heard.
  std::shared_ptr<const char> round_ = std::make_shared<const char>();
};

template <typename Action>
auto ConsumerGroupMember::in_this_round(Action action) const {
  return [round = std::weak_ptr(round_), action = std::move(action)](const auto&... arguments) {
    if (!round.expired()) action(arguments...);
  };
}

}  // namespace ks::client
