#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/membership/participant.h"
#include "lib/membership/schedule.h"
#include "lib/report/result.h"
#include "lib/stats/histogram.h"

namespace ks::membership {

struct GroupPlan {
  std::vector<wire::Address> brokers;
  client::WireOptions options;  // client id and instance id get each member's number
  std::string topic;
  std::string group;
  std::uint32_t members = 3;  // that join at once, at the beginning
  std::vector<Event> schedule;
  cli::Duration duration{};  // at least so long, from when the first members are stable
  cli::Duration patience{};  // for a rebalance, beyond the session time-out
};

// Members of one group, each with connections of its own, that join, leave, die and pause by a
// schedule. Whenever all that should be in the group are stable in one generation, it is judged.
class GroupRun {
 public:
  // Both may be empty. The topic and the group of an event are left to its receiver.
  GroupRun(wire::Loop& loop, GroupPlan plan, wire::OnFinding on_finding,
           std::function<void(const history::Event&)> on_event);

  // Until the schedule is played and the last generation is judged, or until a signal; then every
  // member leaves. An error: it could not be tried. What is violated is for fill() to tell.
  cli::Result<void> run(cli::Deadline deadline);

  void fill(report::Result& result) const;

 private:
  struct Change {  // that the group has not settled after yet
    Action action = Action::kJoin;
    cli::Deadline since;
  };

  cli::Result<void> read_topic(cli::Deadline deadline);
  void add_participant();
  void tick(cli::Deadline deadline);
  void play(const Event& event, cli::Deadline now);
  void await_settling(Action action, cli::Deadline since);
  void watch_generation(cli::Deadline now);
  bool is_complete(const std::vector<MemberView>& members) const;
  void on_settled(const std::vector<MemberView>& members, cli::Deadline now);
  bool is_finished(cli::Deadline now) const;
  void give_up(const std::string& why);
  void fail(const cli::Error& why);
  cli::Result<void> leave_all();
  std::vector<MemberView> expected() const;
  std::optional<std::int32_t> generation_now() const;
  void give_up_unsettled();
  void fill_calls(report::Result& result) const;

  wire::Loop& loop_;
  const GroupPlan plan_;
  const wire::OnFinding on_finding_;
  Ledger ledger_;
  std::vector<std::unique_ptr<Participant>> participants_;
  std::int32_t partitions_ = 0;
  wire::Timer alarm_;  // for what is due while nothing arrives

  std::size_t next_event_ = 0;
  cli::Deadline started_;
  std::optional<cli::Deadline> first_settled_;
  std::int32_t settled_ = -1;  // the generation judged last
  bool is_settled_ = false;
  std::vector<Change> changes_;
  cli::Deadline settle_by_;
  bool is_over_ = false;
  std::optional<cli::Error> trouble_;  // why it could not be tried

  std::uint64_t generations_ = 0;
  std::uint64_t unplanned_rebalances_ = 0;
  stats::Histogram rebalances_;  // ns, from a change to when all are stable
  stats::Histogram takeovers_;   // of those, after a kill or a pause
};

}  // namespace ks::membership
