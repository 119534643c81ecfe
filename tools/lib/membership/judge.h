#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/client/client.h"
#include "lib/report/result.h"

// What must hold of a consumer group's members, as pure functions.
namespace ks::membership {

// The rules, by the name that results give a violation of each.
inline constexpr const char* kAssignedTwice = "assigned-twice";      // one partition, two members
inline constexpr const char* kUnassigned = "unassigned";             // a partition that nobody has
inline constexpr const char* kStrayAssignment = "stray-assignment";  // no partition of the topic
inline constexpr const char* kTwoLeaders = "two-leaders";            // in one generation
inline constexpr const char* kGenerationRegressed = "generation-regressed";
inline constexpr const char* kNotSettled = "not-settled";  // no stable generation of all, in time
inline constexpr const char* kCommitRefused = "commit-refused";  // of a member in its generation
inline constexpr const char* kFencedCommitAccepted = "fenced-commit-accepted";
inline constexpr const char* kFencedHeartbeatAccepted = "fenced-heartbeat-accepted";

class Anomalies {
 public:
  void add(const char* rule, const std::string& example);
  bool empty() const { return found_.empty(); }
  // Any fails the result.
  void fill(report::Result& result) const;

 private:
  std::map<std::string, report::Anomaly> found_;
};

// A member that should be in the group.
struct MemberView {
  std::uint32_t number = 0;  // from 1
  std::string id;            // instance id, or else member id
  bool is_stable = false;
  std::int32_t generation = -1;
  bool is_leader = false;
  std::vector<std::string> listed;  // the leader's: who is in the generation
  std::vector<client::TopicPartition> assignment;
};

// The generation in which all of them, and nobody else, are stable; nothing: there is none (yet).
std::optional<std::int32_t> settled_generation(const std::vector<MemberView>& members);

// Of a settled generation: one leader, every partition of the topic with one member.
void judge_generation(const std::vector<MemberView>& members, const std::string& topic,
                      std::int32_t partitions, Anomalies& anomalies);

// Those that the leader lists and nobody here knows.
std::vector<std::string> strangers(const std::vector<MemberView>& members,
                                   const std::vector<std::string>& known);

}  // namespace ks::membership
