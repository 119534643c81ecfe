#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/cli/units.h"
#include "lib/wire/schema.h"

namespace ks::client {

// How often a group API was called, and what came of it.
struct GroupCalls {
  std::uint64_t sent = 0;
  std::uint64_t ok = 0;
  std::uint64_t unanswered = 0;  // time-outs, connections that failed, malformed answers
  std::map<std::int16_t, std::uint64_t> refused;  // by error code
};

// What a member of a group has been through: all calls, and what happened since it was last stable,
// for a time-out to say what it was. Times are given, so that tests need not wait.
class GroupDiary {
 public:
  using Time = cli::Deadline;

  void unstable(Time now);  // from now on; no effect while it is
  void stable();            // in a new generation
  void settled();           // the coordinator took a heartbeat

  void sent(wire::ApiKey api, const std::string& broker, Time now);
  void answered(wire::ApiKey api, std::int16_t error_code);
  void unanswered(wire::ApiKey api, const cli::Error& why);
  void forget_waiting() { waiting_.clear(); }  // its answers would come too late

  // JoinGroup was answered with a generation. Evidence of churn, once: many generations in a row,
  // for longer than `patience`, in none of which a heartbeat was taken.
  std::optional<std::string> generation(std::int32_t id, Time now, cli::Duration patience);

  const std::map<wire::ApiKey, GroupCalls>& calls() const { return calls_; }
  std::uint64_t generations() const { return generations_; }  // in which it was stable

  // One line, what went wrong since it was last well; may be empty.
  std::string troubles(Time now) const;
  // That, and for how long it has not been stable; empty while it is.
  std::string explain(Time now) const;

 private:
  struct Waiting {
    std::string broker;
    Time since;
  };

  std::map<wire::ApiKey, GroupCalls> calls_;
  std::uint64_t generations_ = 0;

  std::optional<Time> unstable_since_;
  std::map<wire::ApiKey, GroupCalls> troubles_;  // since then, or the last heartbeat
  cli::Error last_failure_;
  std::map<wire::ApiKey, Waiting> waiting_;  // for an answer

  std::int32_t generation_ = -1;
  std::optional<Time> first_unsettled_;  // the first generation since a heartbeat was taken
  std::uint32_t unsettled_generations_ = 0;
  bool churned_ = false;
};

}  // namespace ks::client
