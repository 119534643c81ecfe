#include "lib/membership/participant.h"

#include <utility>

#include "lib/wire/error_code.h"

namespace ks::membership {
namespace {

using client::Membership;
using client::Position;
using client::TopicPartition;

client::WireOptions options_of(client::WireOptions options, std::uint32_t number) {
  const std::string suffix = "-" + std::to_string(number);
  options.client_id += suffix;
  if (!options.group_instance_id.empty()) options.group_instance_id += suffix;
  return options;
}

std::string describe(const Membership& as) {
  return as.member_id + " of generation " + std::to_string(as.generation_id);
}

}  // namespace

Participant::Participant(wire::Loop& loop, std::uint32_t number,
                         const std::vector<wire::Address>& brokers, client::WireOptions options,
                         const std::string& group, const std::string& topic,
                         wire::OnFinding on_finding, Ledger& ledger)
    : number_(number),
      topic_(topic),
      ledger_(ledger),
      cluster_(loop, brokers, options_of(std::move(options), number)),
      member_(cluster_, group, {topic}, events()) {
  cluster_.on_finding(std::move(on_finding));
}

client::GroupEvents Participant::events() {
  const auto gone = [this](const auto& partitions) { on_gone(partitions); };
  return {[this](auto generation, const auto& partitions) { on_assigned(generation, partitions); },
          gone, gone, nullptr};
}

// ---- what the schedule does to it ---------------------------------------------------------------

void Participant::join() {
  presence_ = Presence::kIn;
  member_.join();
}

void Participant::leave(cli::Deadline deadline, client::ConsumerGroupMember::OnDone on_left) {
  presence_ = Presence::kOut;
  member_.leave(deadline, std::move(on_left));
}

void Participant::kill() {
  presence_ = Presence::kOut;
  member_.kill();
}

void Participant::pause() {
  presence_ = Presence::kPaused;
  paused_at_ = cli::Clock::now();
  member_.pause();
}

bool Participant::expire_if_due(cli::Deadline now) {
  const bool due =
      presence_ == Presence::kPaused && now >= paused_at_ + cluster_.options().session_timeout;
  if (due) presence_ = Presence::kExpired;
  return due;
}

void Participant::resume(std::int32_t settled) {
  presence_ = Presence::kIn;
  const Membership& as = member_.membership();
  if (member_.is_stable() && as.generation_id < settled) {
    expect_refused(member_, as);
    resumption_ = {as.generation_id, heartbeats()};
  }
  member_.resume();
}

// ---- what it sees -------------------------------------------------------------------------------

bool Participant::is_stable() const {
  return member_.is_stable() && (presence_ == Presence::kPaused || member_.is_in_session());
}

MemberView Participant::view() const {
  const Membership& as = member_.membership();
  return {number_,           as.group_instance_id.empty() ? as.member_id : as.group_instance_id,
          as.generation_id,  member_.leader_id(),
          member_.members(), member_.assignment()};
}

std::uint64_t Participant::heartbeats() const {
  const auto calls = member_.calls().find(wire::ApiKey::kHeartbeat);
  return calls == member_.calls().end() ? 0 : calls->second.ok;
}

bool Participant::has_beaten() const { return heartbeats() > heartbeats_before_; }

void Participant::on_assigned(std::int32_t generation,
                              const std::vector<TopicPartition>& partitions) {
  const Membership& now = member_.membership();
  if (now.member_id == current_.member_id && generation < current_.generation_id) {
    ledger_.anomalies.add(kGenerationRegressed, "member " + std::to_string(number_) +
                                                    " came from " +
                                                    std::to_string(current_.generation_id) +
                                                    " to " + std::to_string(generation));
  }
  if (generation != current_.generation_id) former_ = std::exchange(current_, now);
  heartbeats_before_ = heartbeats();
  for (const TopicPartition& at : partitions) {
    record(history::Kind::kAssign, {at, -1}, history::Outcome::kOk, 0);
  }
}

void Participant::on_gone(const std::vector<TopicPartition>& partitions) {
  for (const TopicPartition& at : partitions) {
    record(history::Kind::kRevoke, {at, -1}, history::Outcome::kOk, 0);
  }
}

void Participant::record(history::Kind kind, const Position& position, history::Outcome outcome,
                         std::int16_t error_code, std::optional<std::int64_t> invoke_ns) {
  if (!ledger_.on_event) return;
  history::Event event;
  event.kind = kind;
  event.outcome = outcome;
  event.time_ns = cli::monotonic_ns();
  event.invoke_ns = invoke_ns.value_or(event.time_ns);
  event.actor = number_;
  event.partition = position.at.partition;
  event.offset = position.offset;
  event.error_code = error_code;
  ledger_.on_event(event);
}

// ---- commits ------------------------------------------------------------------------------------

// Commits what the group has committed already, or 0: the check leaves no trace in the group.
void Participant::recommit(client::ConsumerGroupMember& through, const Membership& as,
                           const std::vector<TopicPartition>& partitions,
                           OnCommitted on_committed) {
  const cli::Deadline deadline = cli::Clock::now() + cluster_.options().request_timeout;
  ++ledger_.checks_under_way;
  const auto on_answer = [this, on_committed = std::move(on_committed)](
                             const std::vector<Position>& positions, std::int64_t asked_ns,
                             const cli::Result<std::int16_t>& code) {
    --ledger_.checks_under_way;
    for (const Position& position : positions) {
      const auto outcome = !code        ? history::Outcome::kUnknown
                           : *code == 0 ? history::Outcome::kOk
                                        : history::Outcome::kFailed;
      record(history::Kind::kCommit, position, outcome, code.value_or(0), asked_ns);
    }
    on_committed(code);
  };
  through.fetch_committed(
      partitions, deadline,
      [&through, as, deadline, on_answer](cli::Result<std::vector<Position>> committed) {
        if (!committed) return on_answer({}, 0, tl::make_unexpected(committed.error()));
        for (Position& position : *committed) position.offset = std::max(position.offset, 0L);
        through.commit_as(
            as, *committed, deadline,
            [on_answer, committed, asked_ns = cli::monotonic_ns()](
                const cli::Result<std::int16_t>& code) { on_answer(*committed, asked_ns, code); });
      });
}

void Participant::check_commit() {
  if (presence_ != Presence::kIn || member_.assignment().empty()) return;
  const Membership as = member_.membership();
  recommit(member_, as, member_.assignment(), [this, as](const cli::Result<std::int16_t>& code) {
    if (!code) return;
    if (*code == 0) {
      ++ledger_.commits;
    } else if (member_.membership().generation_id == as.generation_id) {
      refused_commit_ = {as.generation_id, heartbeats(), *code};
    }
  });
}

void Participant::check_fenced_commit(client::ConsumerGroupMember& through, std::int32_t settled) {
  const Membership& as = current_.generation_id < settled ? current_ : former_;
  if (as.generation_id >= 0 && as.generation_id < settled) expect_refused(through, as);
}

void Participant::expect_refused(client::ConsumerGroupMember& through, const Membership& as) {
  recommit(through, as, {{topic_, 0}}, [this, as](const cli::Result<std::int16_t>& code) {
    if (!code) return;
    if (*code == 0) {
      ledger_.anomalies.add(kFencedCommitAccepted, describe(as));
    } else {
      ++ledger_.fenced_commits_refused;
    }
  });
}

// ---- what becomes of it -------------------------------------------------------------------------

void Participant::watch() {
  const std::int32_t generation = member_.membership().generation_id;
  const bool is_stable = member_.is_stable();
  if (resumption_) {
    if (!is_stable || generation != resumption_->generation) {
      ++ledger_.fenced_heartbeats_refused;
      resumption_.reset();
    } else if (heartbeats() > resumption_->heartbeats) {
      ledger_.anomalies.add(kFencedHeartbeatAccepted, describe(member_.membership()));
      resumption_.reset();
    }
  }
  // The group may just have begun to rebalance. A heartbeat that is accepted later shows that it
  // had not.
  if (refused_commit_) {
    if (!is_stable || generation != refused_commit_->generation) {
      refused_commit_.reset();
    } else if (heartbeats() > refused_commit_->heartbeats) {
      ledger_.anomalies.add(kCommitRefused, describe(member_.membership()) + " got " +
                                                wire::error_name(refused_commit_->error_code));
      refused_commit_.reset();
    }
  }
}

}  // namespace ks::membership
