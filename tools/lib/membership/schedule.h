#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/units.h"

// What is to happen to the members of a group, and when.
namespace ks::membership {

enum class Action : std::uint8_t {
  kJoin,    // of a new member, or of one that has left or was killed
  kLeave,   // with a LeaveGroup
  kKill,    // its connection ends, without a word
  kPause,   // it stays connected and sends nothing
  kResume,  // after a pause
};
const char* to_string(Action action);

struct Event {
  cli::Duration at{};  // from when the first members were stable
  Action action = Action::kJoin;
  std::uint32_t member = 0;  // from 1
  bool operator==(const Event&) const = default;
};

// "2s join; 4s kill 1; 6s pause 2 for 5s; 12s leave 3", separated by semicolons or line breaks, "#"
// begins a comment. `join` without a number is the next new member. Sorted by time. A schedule that
// cannot be followed (a member that is not there is killed, or nobody would be left) is an error
// that names the event.
cli::Result<std::vector<Event>> parse_schedule(std::string_view text, std::uint32_t members);

}  // namespace ks::membership
