#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/client/group_member.h"
#include "lib/history/event.h"
#include "lib/membership/judge.h"

namespace ks::membership {

// What all participants of a run add to.
struct Ledger {
  Anomalies anomalies;
  std::uint64_t commits = 0;
  std::uint64_t fenced_commits_refused = 0;
  std::uint64_t fenced_heartbeats_refused = 0;
  std::uint32_t checks_under_way = 0;
  std::function<void(const history::Event&)> on_event;  // may be empty; adds topic and group
};

// One member of the group under test, from when it first joins: it may leave, be killed, pause and
// join again. Checks by itself what concerns it alone.
class Participant {
 public:
  enum class Presence : std::uint8_t {
    kIn,
    kPaused,
    kExpired,  // paused for longer than the session time-out: the group has to do without it
    kOut,      // left, or was killed
  };

  // `number` is from 1. The options are its own: client id and instance id are made from it.
  Participant(wire::Loop& loop, std::uint32_t number, const std::vector<wire::Address>& brokers,
              client::WireOptions options, const std::string& group, const std::string& topic,
              wire::OnFinding on_finding, Ledger& ledger);

  void join();
  void leave(cli::Deadline deadline, client::ConsumerGroupMember::OnDone on_left);
  void kill();
  void pause();
  // Where the group has gone on to `settled` without it, neither its commit nor its heartbeat may
  // be accepted.
  void resume(std::int32_t settled);
  bool expire_if_due(cli::Deadline now);  // whether it did

  std::uint32_t number() const { return number_; }
  Presence presence() const { return presence_; }
  bool is_expected() const { return presence_ == Presence::kIn || presence_ == Presence::kPaused; }
  cli::Deadline paused_at() const { return paused_at_; }
  bool is_stable() const;  // and not taken for dead
  MemberView view() const;
  client::Cluster& cluster() { return cluster_; }
  client::ConsumerGroupMember& member() { return member_; }
  const client::ConsumerGroupMember& member() const { return member_; }
  bool has_beaten() const;  // a heartbeat of this generation was accepted

  // A commit of what it is assigned must be accepted, while its generation lasts.
  void check_commit();
  // One in its last generation before `settled` must not be, whoever sends it.
  void check_fenced_commit(client::ConsumerGroupMember& through, std::int32_t settled);
  // To be called often: what becomes of a resumed member, and of a refused commit.
  void watch();
  bool is_under_watch() const { return refused_commit_ || resumption_; }

 private:
  struct RefusedCommit {
    std::int32_t generation = -1;
    std::uint64_t heartbeats = 0;  // accepted before it
    std::int16_t error_code = 0;
  };
  struct Resumption {
    std::int32_t generation = -1;
    std::uint64_t heartbeats = 0;
  };
  using OnCommitted = std::function<void(const cli::Result<std::int16_t>&)>;

  client::GroupEvents events();
  void on_assigned(std::int32_t generation, const std::vector<client::TopicPartition>& partitions);
  void on_gone(const std::vector<client::TopicPartition>& partitions);
  void recommit(client::ConsumerGroupMember& through, const client::Membership& as,
                const std::vector<client::TopicPartition>& partitions, OnCommitted on_committed);
  void expect_refused(client::ConsumerGroupMember& through, const client::Membership& as);
  void record(history::Kind kind, const client::Position& position, history::Outcome outcome,
              std::int16_t error_code, std::optional<std::int64_t> invoke_ns = std::nullopt);
  std::uint64_t heartbeats() const;

  const std::uint32_t number_;
  const std::string topic_;
  Ledger& ledger_;
  client::Cluster cluster_;
  client::ConsumerGroupMember member_;
  Presence presence_ = Presence::kOut;
  cli::Deadline paused_at_;
  client::Membership current_;  // of its last stable generation
  client::Membership former_;   // of the one before
  std::uint64_t heartbeats_before_ = 0;
  std::optional<RefusedCommit> refused_commit_;
  std::optional<Resumption> resumption_;
};

}  // namespace ks::membership
