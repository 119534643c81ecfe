#pragma once

#include <cstdint>
#include <map>
#include <set>
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
inline constexpr const char* kLeadersDiffer = "leaders-differ";      // in one generation
inline constexpr const char* kGenerationRegressed = "generation-regressed";
inline constexpr const char* kNotSettled = "not-settled";  // no stable generation of all, in time
inline constexpr const char* kCommitRefused = "commit-refused";  // of a member in its generation
inline constexpr const char* kFencedCommitAccepted = "fenced-commit-accepted";
inline constexpr const char* kFencedHeartbeatAccepted = "fenced-heartbeat-accepted";

class Anomalies {
 public:
  void add(const char* rule, const std::string& example);
  bool has(const char* rule) const { return found_.count(rule) != 0; }
  // Any fails the result.
  void fill(report::Result& result) const;

 private:
  std::map<std::string, report::Anomaly> found_;
};

// A member that should be in the group, and is stable.
struct MemberView {
  std::uint32_t number = 0;  // from 1
  std::string id;            // instance id, or else member id
  std::int32_t generation = -1;
  std::string leader;               // "member 1", or the member id of somebody unknown
  std::vector<std::string> listed;  // the leader's: who is in the generation
  std::vector<client::TopicPartition> assignment;
};

std::string name_of(const MemberView& member);  // "member 1"

// Whether the leader of the generation was told of these members and nobody else. Where others are
// in the generation, too, as one that has died, these need not have every partition.
bool are_all(const std::vector<MemberView>& members);

// Of members that are stable in one generation: all know the same leader, and every partition of
// the topic belongs to one member.
void judge_generation(const std::vector<MemberView>& members, const std::string& topic,
                      std::int32_t partitions, Anomalies& anomalies);

// Those that the coordinator named to the members, and nobody here knows.
std::vector<std::string> strangers(const std::vector<MemberView>& members,
                                   const std::set<std::string>& known);

}  // namespace ks::membership
