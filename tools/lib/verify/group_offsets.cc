#include "lib/verify/group_offsets.h"

#include <algorithm>

namespace ks::verify {

using history::Event;
using history::Outcome;

void GroupOffsets::commit(const Event& event, bool by_member) {
  if (event.outcome == Outcome::kFailed) return;
  const Commit commit{event.offset, event.invoke_ns, event.time_ns, 0};
  if (event.outcome == Outcome::kUnknown) {
    unknown_.push_back(commit);
  } else {
    // What was replaced ten minutes ago can no longer be the answer to a request under way.
    constexpr std::int64_t kForgetNs = 600'000'000'000;
    std::erase_if(commits_, [&](const Commit& c) {
      return c.replaced_ns != 0 && c.replaced_ns + kForgetNs < event.time_ns;
    });
    for (Commit& c : commits_) {
      if (c.replaced_ns == 0 && c.time_ns < event.invoke_ns) c.replaced_ns = event.time_ns;
    }
    commits_.push_back(commit);
    if (!by_member && !read_.empty()) mark_read(read_.begin()->first, event.offset);
    highest_commit_ = std::max(highest_commit_, event.offset);
  }
  std::erase_if(doubts_, [&](const Doubt& doubt) { return explains(commit, doubt); });
}

bool GroupOffsets::explains(const Commit& commit, const Doubt& doubt) const {
  return commit.offset == doubt.offset && commit.invoke_ns < doubt.time_ns &&
         (commit.replaced_ns == 0 || commit.replaced_ns >= doubt.invoke_ns);
}

bool GroupOffsets::is_explained(const Doubt& doubt) const {
  const auto explains_it = [&](const Commit& c) { return explains(c, doubt); };
  return std::ranges::any_of(commits_, explains_it) || std::ranges::any_of(unknown_, explains_it);
}

void GroupOffsets::fetched(const Event& event) {
  Doubt answer{event.invoke_ns, event.time_ns, event.offset};
  const auto was_there = [&](const Commit& c) { return c.time_ns < answer.invoke_ns; };
  // What the group had before this history began is what the first answer says.
  if (std::ranges::none_of(commits_, was_there)) {
    commits_.push_back({event.offset, event.invoke_ns, event.time_ns, 0});
  } else if (!is_explained(answer)) {
    answer.latest = commits_.back().offset;
    for (const auto* list : {&commits_, &unknown_}) {
      for (const Commit& c : *list) answer.highest = std::max(answer.highest, c.offset);
    }
    doubts_.push_back(answer);
  }
}

std::int64_t GroupOffsets::floor() const {
  if (commits_.empty()) return -1;
  const Commit& newest = commits_.back();
  std::int64_t least = newest.offset;
  for (const Commit& c : unknown_) {
    if (c.invoke_ns >= newest.invoke_ns) least = std::min(least, c.offset);
  }
  return least;
}

bool GroupOffsets::is_read(std::int64_t offset) const {
  const auto range = read_.upper_bound(offset);
  return range != read_.begin() && std::prev(range)->second > offset;
}

void GroupOffsets::mark_read(std::int64_t from, std::int64_t to) {
  if (to <= from) return;
  auto range = read_.upper_bound(from);
  if (range != read_.begin() && std::prev(range)->second >= from) {
    --range;
    range->second = std::max(range->second, to);
  } else {
    range = read_.emplace_hint(range, from, to);
  }
  for (auto next = std::next(range); next != read_.end() && next->first <= range->second;) {
    range->second = std::max(range->second, next->second);
    next = read_.erase(next);
  }
  newest_ = range;
}

void GroupOffsets::judge(const PartitionLog& log, const std::string& where, Anomalies& anomalies) {
  for (const Doubt& doubt : doubts_) {
    const bool is_ahead = doubt.offset > doubt.highest;
    anomalies.found(is_ahead ? AnomalyType::kCommitAhead : AnomalyType::kCommitRegressed, [&] {
      return where + ": the coordinator said offset " + std::to_string(doubt.offset) +
             (is_ahead ? ", beyond every commit; the highest was " : ", after a commit of ") +
             std::to_string(is_ahead ? doubt.highest : doubt.latest);
    });
  }
  // Between what its members read, up to what they committed.
  std::int64_t from = read_.empty() ? highest_commit_ : read_.begin()->second;
  for (auto range = read_.begin(); from < highest_commit_; from = range->second) {
    if (range != read_.end()) ++range;
    const bool is_last = range == read_.end();
    const std::int64_t to = is_last ? highest_commit_ : std::min(range->first, highest_commit_);
    for (auto held = log.first_held(from, to); held; held = log.first_held(*held + 1, to)) {
      anomalies.found(AnomalyType::kGroupSkip, [&] {
        return where + ": no member read offset " + std::to_string(*held) +
               ", which the group committed as read";
      });
    }
    if (is_last) break;
  }
}

}  // namespace ks::verify
