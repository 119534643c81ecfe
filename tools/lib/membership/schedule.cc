#include "lib/membership/schedule.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace ks::membership {
namespace {

using Words = std::vector<std::string>;

constexpr std::array kNames{"join", "leave", "kill", "pause", "resume"};  // by Action

std::vector<Words> split(std::string_view text) {
  std::vector<Words> events(1);
  bool in_word = false;
  bool in_comment = false;
  for (const char c : text) {
    if (c == '\n') in_comment = false;
    if (c == '#') in_comment = true;
    const bool is_end = c == ';' || c == '\n';
    if (in_comment) in_word = false;
    if (in_comment || is_end || c == ' ' || c == '\t' || c == '\r') {
      in_word = false;
      if (is_end && !in_comment) events.emplace_back();
      continue;
    }
    if (!in_word) events.back().emplace_back();
    in_word = true;
    events.back().back() += c;
  }
  return events;
}

std::string join(const Words& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

tl::unexpected<cli::Error> refuse(const std::string& what, const std::string& event) {
  return cli::fail(what, "--schedule '" + event + "'", "write it like '2s join; 4s kill 1'");
}

std::optional<Action> find_action(const std::string& word) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), word);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Action>(found - kNames.begin());
}

// One event's words: AT ACTION [MEMBER] [for DURATION]. A pause with its end is two events.
cli::Result<void> read(const Words& words, std::vector<Event>& out) {
  const std::string text = join(words);
  const auto at = cli::parse_duration(words[0]);
  if (!at) return refuse("no time", text);
  const auto action = words.size() < 2 ? std::nullopt : find_action(words[1]);
  if (!action) return refuse("not join, leave, kill, pause or resume", text);
  Event event{*at, *action, 0};
  std::size_t next = 2;
  if (next < words.size()) {
    const auto member = cli::parse_count(words[next++]);
    if (!member || *member == 0 || *member > std::numeric_limits<std::uint32_t>::max()) {
      return refuse("no member number", text);
    }
    event.member = static_cast<std::uint32_t>(*member);
  } else if (event.action != Action::kJoin) {
    return refuse("which member?", text);
  }
  out.push_back(event);
  if (event.action == Action::kPause && words.size() == next + 2 && words[next] == "for") {
    const auto pause = cli::parse_duration(words[next + 1]);
    if (!pause) return refuse("no duration", text);
    out.push_back({*at + *pause, Action::kResume, event.member});
    next += 2;
  }
  return next == words.size() ? cli::Result<void>() : refuse("more words than expected", text);
}

// Follows the schedule as far as one can without a broker.
class Rehearsal {
 public:
  explicit Rehearsal(std::uint32_t members) : presence_(members, Presence::kIn) {}

  // Why the event cannot be; empty: it can, and has been. Numbers a new member.
  std::string play(Event& event) {
    if (event.action == Action::kJoin) return join(event);
    if (event.member > presence_.size()) return "there is no such member then";
    Presence& presence = presence_[event.member - 1];
    switch (event.action) {
      case Action::kResume:
        if (presence != Presence::kPaused) return "the member is not paused then";
        presence = Presence::kIn;
        return "";
      case Action::kKill:
        if (presence == Presence::kOut) return "the member is not in the group then";
        presence = Presence::kOut;
        break;
      default:
        if (presence != Presence::kIn) return "the member is not active in the group then";
        presence = event.action == Action::kPause ? Presence::kPaused : Presence::kOut;
    }
    const bool is_left = std::count(presence_.begin(), presence_.end(), Presence::kIn) != 0;
    return is_left ? "" : "no active member would be left";
  }

 private:
  enum class Presence : std::uint8_t { kIn, kPaused, kOut };

  std::string join(Event& event) {
    if (event.member == 0) event.member = static_cast<std::uint32_t>(presence_.size() + 1);
    if (event.member == presence_.size() + 1) {
      presence_.push_back(Presence::kIn);
      return "";
    }
    if (event.member > presence_.size()) {
      return "the next new member is number " + std::to_string(presence_.size() + 1);
    }
    if (presence_[event.member - 1] != Presence::kOut) return "the member is in the group then";
    presence_[event.member - 1] = Presence::kIn;
    return "";
  }

  std::vector<Presence> presence_;
};

}  // namespace

const char* to_string(Action action) { return kNames[static_cast<std::size_t>(action)]; }

cli::Result<std::vector<Event>> parse_schedule(std::string_view text, std::uint32_t members) {
  std::vector<Event> events;
  for (const Words& words : split(text)) {
    if (words.empty()) continue;
    if (auto done = read(words, events); !done) return tl::make_unexpected(done.error());
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  Rehearsal rehearsal(members);
  for (Event& event : events) {
    const std::string described = cli::format_duration(event.at) + " " + to_string(event.action) +
                                  (event.member == 0 ? "" : " " + std::to_string(event.member));
    if (const std::string why = rehearsal.play(event); !why.empty()) return refuse(why, described);
  }
  return events;
}

}  // namespace ks::membership
