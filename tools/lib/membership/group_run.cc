#include "lib/membership/group_run.h"

#include <algorithm>

#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/wire/error_code.h"

namespace ks::membership {
namespace {

constexpr auto kTick = std::chrono::milliseconds(20);
constexpr auto kLeaveTimeout = std::chrono::seconds(5);

// Whoever leaves may have to ask first where.
std::uint64_t unanswered_leaves(const std::map<wire::ApiKey, client::GroupCalls>& calls) {
  std::uint64_t out = 0;
  for (const wire::ApiKey api : {wire::ApiKey::kFindCoordinator, wire::ApiKey::kLeaveGroup}) {
    const auto found = calls.find(api);
    if (found != calls.end()) out += found->second.unanswered;
  }
  return out;
}

double ms(std::int64_t ns) { return static_cast<double>(ns) / 1e6; }

}  // namespace

GroupRun::GroupRun(wire::Loop& loop, GroupPlan plan, wire::OnFinding on_finding,
                   std::function<void(const history::Event&)> on_event)
    : loop_(loop), plan_(std::move(plan)), on_finding_(std::move(on_finding)), alarm_(loop) {
  ledger_.on_event = std::move(on_event);
}

void GroupRun::add_participant() {
  const auto number = static_cast<std::uint32_t>(participants_.size() + 1);
  participants_.push_back(std::make_unique<Participant>(
      loop_, number, plan_.brokers, plan_.options, plan_.group, plan_.topic, on_finding_, ledger_));
}

cli::Result<void> GroupRun::read_topic(cli::Deadline deadline) {
  client::Cluster& cluster = participants_.front()->cluster();
  if (auto done = cluster.refresh_now({plan_.topic}, false, deadline); !done) return done;
  const client::TopicMetadata* topic = cluster.topic(plan_.topic);
  if (topic == nullptr || topic->partitions.empty()) {
    return cli::fail("unknown topic", plan_.topic, "ks-admin topics list shows what is there");
  }
  partitions_ = static_cast<std::int32_t>(topic->partitions.size());
  return {};
}

cli::Result<void> GroupRun::run(cli::Deadline deadline) {
  for (std::uint32_t i = 0; i < plan_.members; ++i) add_participant();
  started_ = cli::Clock::now();
  const auto topic_by = std::min(deadline, started_ + plan_.options.request_timeout);
  if (auto read = read_topic(topic_by); !read) return read;
  started_ = cli::Clock::now();
  for (auto& participant : participants_) participant->join();
  settle_by_ = started_ + plan_.options.session_timeout + plan_.patience;
  loop_.run_until(cli::Deadline::max(), [&] {
    if (!is_over_) tick(deadline);
    return is_over_;
  });
  alarm_.cancel();
  auto left = leave_all();
  if (trouble_) return tl::make_unexpected(*trouble_);
  return left;
}

// ---- as time goes by ----------------------------------------------------------------------------

void GroupRun::tick(cli::Deadline deadline) {
  const auto now = cli::Clock::now();
  if (!alarm_.is_set()) alarm_.set(now + kTick, [] {});
  const std::vector<Event>& schedule = plan_.schedule;
  while (first_settled_ && next_event_ < schedule.size() &&
         now >= *first_settled_ + schedule[next_event_].at) {
    play(schedule[next_event_++], now);
  }
  for (auto& participant : participants_) {
    participant->watch();
    if (participant->expire_if_due(now)) await_settling(Action::kPause, participant->paused_at());
  }
  watch_generation(now);
  if (is_finished(now) || cli::stop_signal() != 0) {
    is_over_ = true;
  } else if (now >= deadline) {
    is_settled_ ? give_up("not finished in time") : give_up_unsettled();
  }
}

void GroupRun::play(const Event& event, cli::Deadline now) {
  cli::log_debug(cli::format_duration(now - *first_settled_) + ": " + to_string(event.action) +
                 " " + std::to_string(event.member));
  if (event.member > participants_.size()) add_participant();
  Participant& participant = *participants_[event.member - 1];
  switch (event.action) {
    case Action::kJoin:
      participant.join();
      break;
    case Action::kLeave:
      participant.leave(now + kLeaveTimeout, [](const cli::Result<void>& left) {
        if (!left) cli::log_debug(left.error().message());  // the findings and the metrics tell
      });
      break;
    case Action::kKill:
      participant.kill();
      break;
    case Action::kPause:
      return participant.pause();  // no change, unless the session ends before the pause
    case Action::kResume: {
      const bool was_expired = participant.presence() == Participant::Presence::kExpired;
      participant.resume(settled_);
      if (!was_expired) return;
      break;
    }
  }
  await_settling(event.action, now);
}

void GroupRun::await_settling(Action action, cli::Deadline since) {
  is_settled_ = false;
  changes_.push_back({action, since});
  settle_by_ = cli::Clock::now() + plan_.options.session_timeout + plan_.patience;
}

bool GroupRun::is_finished(cli::Deadline now) const {
  const bool is_played = next_event_ == plan_.schedule.size();
  if (!is_settled_ || !is_played || ledger_.checks_under_way != 0) return false;
  if (now < *first_settled_ + plan_.duration) return false;
  return std::all_of(participants_.begin(), participants_.end(), [](const auto& p) {
    return p->presence() != Participant::Presence::kIn || (p->has_beaten() && !p->is_under_watch());
  });
}

// ---- generations --------------------------------------------------------------------------------

std::vector<MemberView> GroupRun::expected() const {
  std::map<std::string, std::string> names;  // by member id
  std::vector<MemberView> out;
  for (const auto& participant : participants_) {
    const MemberView view = participant->view();
    for (const std::string& id : participant->member().ids()) names[id] = name_of(view);
    if (participant->is_expected()) out.push_back(view);
  }
  // A static leader that came back has a new member id, and the others still know the old one.
  for (MemberView& member : out) {
    const auto leader = names.find(member.leader);
    if (leader != names.end()) member.leader = leader->second;
  }
  return out;
}

// In which all that are expected are stable; nothing: there is none (yet).
std::optional<std::int32_t> GroupRun::generation_now() const {
  std::optional<std::int32_t> out;
  for (const auto& participant : participants_) {
    if (!participant->is_expected()) continue;
    const std::int32_t generation = participant->member().membership().generation_id;
    if (!participant->is_stable() || generation != out.value_or(generation)) return std::nullopt;
    out = generation;
  }
  return out;
}

// Whether there is no partition left that somebody else, who may be dead, still has.
bool GroupRun::is_complete(const std::vector<MemberView>& members) const {
  // Who goes leaves its partitions to nobody until the next generation, even where the list that
  // the leader had of this one was without it.
  if (members.front().generation != settled_ && are_all(members)) return true;
  Anomalies found;
  judge_generation(members, plan_.topic, partitions_, found);
  return !found.has(kUnassigned);
}

void GroupRun::watch_generation(cli::Deadline now) {
  const auto generation = generation_now();
  if (is_settled_ && generation == settled_) return;
  if (generation) {
    const std::vector<MemberView> members = expected();
    if (is_complete(members)) return on_settled(members, now);
  }
  if (is_settled_) {  // though nothing was done to it
    is_settled_ = false;
    ++unplanned_rebalances_;
    settle_by_ = now + plan_.options.session_timeout + plan_.patience;
  }
  for (const auto& participant : participants_) {
    const client::ConsumerGroupMember& member = participant->member();
    if (member.state() == client::ConsumerGroupMember::State::kFailed) {
      return fail({"member " + std::to_string(participant->number()) + " " + member.explain(),
                   plan_.group, ""});
    }
  }
  if (now >= settle_by_) give_up_unsettled();
}

void GroupRun::on_settled(const std::vector<MemberView>& members, cli::Deadline now) {
  const std::int32_t generation = members.front().generation;
  is_settled_ = true;
  if (!first_settled_) first_settled_ = now;
  for (const Change& change : std::exchange(changes_, {})) {
    const std::int64_t took = (now - change.since).count();
    rebalances_.record(took);
    const bool is_takeover = change.action == Action::kKill || change.action == Action::kPause;
    if (is_takeover) takeovers_.record(took);
  }
  judge_generation(members, plan_.topic, partitions_, ledger_.anomalies);
  if (generation == settled_) return;  // as a change that needs no rebalance leaves it
  settled_ = generation;
  ++generations_;
  const auto anyone = std::find_if(participants_.begin(), participants_.end(), [](const auto& p) {
    return p->presence() == Participant::Presence::kIn;
  });
  for (auto& participant : participants_) {
    participant->check_commit();
    participant->check_fenced_commit((*anyone)->member(), generation);
  }
}

// Says why: others are in the group, a partition belongs to nobody, or what each member waits for.
void GroupRun::give_up_unsettled() {
  const std::vector<MemberView> members = expected();
  std::set<std::string> known;
  std::string states;
  for (const auto& participant : participants_) {
    const client::ConsumerGroupMember& member = participant->member();
    known.insert(member.ids().begin(), member.ids().end());
    known.insert(member.membership().group_instance_id);
    known.insert(name_of(participant->view()));
    if (!participant->is_expected()) continue;
    const std::string why = member.explain();
    states +=
        (states.empty() ? "member " : " | member ") + std::to_string(participant->number()) + ": " +
        (why.empty() ? "stable in generation " + std::to_string(member.membership().generation_id)
                     : why);
  }
  if (const auto others = strangers(members, known); !others.empty()) {
    return fail({"the group has other members, such as " + others.front(), plan_.group,
                 "use a group of the test's own"});
  }
  if (!generation_now()) return give_up(states);
  judge_generation(members, plan_.topic, partitions_, ledger_.anomalies);
  is_over_ = true;
}

void GroupRun::give_up(const std::string& why) {
  ledger_.anomalies.add(kNotSettled, why);
  is_over_ = true;
}

void GroupRun::fail(const cli::Error& why) {
  trouble_ = why;
  is_over_ = true;
}

// ---- the end ------------------------------------------------------------------------------------

// A refused LeaveGroup is a finding, one without an answer an error: the broker is gone.
cli::Result<void> GroupRun::leave_all() {
  std::size_t under_way = 0;
  std::optional<cli::Error> unanswered;
  for (auto& participant : participants_) {
    if (participant->presence() == Participant::Presence::kOut) continue;
    ++under_way;
    const auto& calls = participant->member().calls();
    participant->leave(cli::Clock::now() + kLeaveTimeout,
                       [&, before = unanswered_leaves(calls)](const cli::Result<void>& left) {
                         --under_way;
                         if (!left && unanswered_leaves(calls) != before) unanswered = left.error();
                       });
  }
  loop_.run_until(cli::Deadline::max(), [&] { return under_way == 0; });
  if (unanswered) return tl::make_unexpected(*unanswered);
  return {};
}

void GroupRun::fill(report::Result& result) const {
  report::Metrics& m = result.metrics;
  m["members"] = static_cast<double>(participants_.size());
  m["partitions"] = partitions_;
  m["generations"] = static_cast<double>(generations_);
  m["unplanned_rebalances"] = static_cast<double>(unplanned_rebalances_);
  m["commits"] = static_cast<double>(ledger_.commits);
  m["fenced_commits_refused"] = static_cast<double>(ledger_.fenced_commits_refused);
  m["fenced_heartbeats_refused"] = static_cast<double>(ledger_.fenced_heartbeats_refused);
  if (first_settled_) m["first_stable_ms"] = ms((*first_settled_ - started_).count());
  if (rebalances_.count() != 0) {
    m["rebalance_ms_max"] = ms(rebalances_.max());
    m["rebalance_ms_p50"] = ms(rebalances_.quantile(0.5));
  }
  if (takeovers_.count() != 0) m["takeover_ms_max"] = ms(takeovers_.max());
  fill_calls(result);
  ledger_.anomalies.fill(result);
}

// "joingroup_ok" and so on; the refusals by code are data.
void GroupRun::fill_calls(report::Result& result) const {
  for (const auto& participant : participants_) {
    for (const auto& [api, calls] : participant->member().calls()) {
      const std::string name = wire::api_name(static_cast<std::int16_t>(api));
      std::string metric;
      for (const char c : name) metric += static_cast<char>(std::tolower(c));
      result.metrics[metric + "_sent"] += static_cast<double>(calls.sent);
      result.metrics[metric + "_ok"] += static_cast<double>(calls.ok);
      result.metrics[metric + "_unanswered"] += static_cast<double>(calls.unanswered);
      double& refused = result.metrics[metric + "_refused"];
      for (const auto& [code, count] : calls.refused) {
        refused += static_cast<double>(count);
        auto& counted = result.data["refused"][name][wire::error_name(code)];
        counted = counted.is_null() ? count : counted.get<std::uint64_t>() + count;
      }
    }
  }
}

}  // namespace ks::membership
