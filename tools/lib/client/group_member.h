#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/client/assignor.h"
#include "lib/client/cluster.h"
#include "lib/client/requests.h"
#include "lib/wire/error_code.h"

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
class GroupMember {
 public:
  GroupMember(Cluster& cluster, std::string group, std::vector<std::string> topics,
              GroupEvents events);
  ~GroupMember();  // as kill(), without a callback
  GroupMember(const GroupMember&) = delete;
  GroupMember& operator=(const GroupMember&) = delete;

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
  // new member.
  void join();

  // Revokes, and joins again: for a changed number of partitions.
  void rejoin(const std::string& reason);

  // Revokes, and leaves the group. A static member says nothing to the coordinator: it may come
  // back within the session timeout. Calls back once, with the coordinator's refusal as an error.
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
  bool is_leader() const { return leader_; }
  const std::string& group() const { return group_; }
  const Membership& membership() const { return membership_; }  // generation -1: none now
  const std::vector<TopicPartition>& assignment() const { return assignment_; }

  // How often an API was called, and what came of it.
  struct Calls {
    std::uint64_t sent = 0;
    std::uint64_t ok = 0;
    std::uint64_t unanswered = 0;  // time-outs, connections that failed, malformed answers
    std::map<std::int16_t, std::uint64_t> refused;  // by error code
  };
  struct Counters {
    std::map<wire::ApiKey, Calls> calls;
    std::uint64_t generations = 0;  // in which this member was stable
  };
  const Counters& counters() const { return counters_; }

  // One line on why the member is not stable: errors by API and code, rebalances without rest, what
  // the member waits for and how long, versions that do not match. Empty: it is stable.
  std::string explain() const;

 private:
  State state_ = State::kOut;
  bool leader_ = false;
  bool paused_ = false;
  Cluster& cluster_;
  const std::string group_;
  const std::vector<std::string> topics_;
  const GroupEvents events_;
  Membership membership_;
  std::vector<TopicPartition> assignment_;
  Counters counters_;
};

}  // namespace ks::client
