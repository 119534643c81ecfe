#include "lib/membership/judge.h"

#include <algorithm>

namespace ks::membership {

void Anomalies::add(const char* rule, const std::string& example) {
  report::Anomaly& anomaly = found_[rule];
  anomaly.type = rule;
  ++anomaly.count;
  if (anomaly.examples.size() < report::kMostExamples) anomaly.examples.push_back(example);
}

void Anomalies::fill(report::Result& result) const {
  double count = 0;
  for (const auto& [rule, anomaly] : found_) {
    result.anomalies.push_back(anomaly);
    count += static_cast<double>(anomaly.count);
    result.lower_to(report::Status::kFail, rule + ": " + std::to_string(anomaly.count) +
                                               ", first " + anomaly.examples.front());
  }
  result.metrics["anomalies"] = count;
}

std::optional<std::int32_t> settled_generation(const std::vector<MemberView>& members) {
  std::vector<std::string> ids;
  std::vector<std::string> listed;
  for (const MemberView& member : members) {
    if (!member.is_stable || member.generation != members.front().generation) return std::nullopt;
    ids.push_back(member.id);
    if (member.is_leader) listed = member.listed;
  }
  std::sort(ids.begin(), ids.end());
  std::sort(listed.begin(), listed.end());
  if (ids.empty() || listed != ids) return std::nullopt;
  return members.front().generation;
}

void judge_generation(const std::vector<MemberView>& members, const std::string& topic,
                      std::int32_t partitions, Anomalies& anomalies) {
  const std::string where = " in generation " + std::to_string(members.front().generation);
  std::map<client::TopicPartition, std::vector<std::uint32_t>> owners;
  for (std::int32_t id = 0; id < partitions; ++id) owners[{topic, id}];
  std::string leaders;
  for (const MemberView& member : members) {
    if (member.is_leader) {
      leaders += (leaders.empty() ? "" : " and ") + std::to_string(member.number);
    }
    for (const client::TopicPartition& at : member.assignment) {
      const auto owner = owners.find(at);
      if (owner == owners.end()) {
        anomalies.add(kStrayAssignment,
                      at.text() + " of member " + std::to_string(member.number) + where);
      } else {
        owner->second.push_back(member.number);
      }
    }
  }
  for (const auto& [at, of] : owners) {
    if (of.empty()) anomalies.add(kUnassigned, at.text() + where);
    for (std::size_t i = 1; i < of.size(); ++i) {
      anomalies.add(kAssignedTwice, at.text() + " to members " + std::to_string(of[0]) + " and " +
                                        std::to_string(of[i]) + where);
    }
  }
  if (leaders.find(' ') != std::string::npos) {
    anomalies.add(kTwoLeaders, "members " + leaders + where);
  }
}

std::vector<std::string> strangers(const std::vector<MemberView>& members,
                                   const std::vector<std::string>& known) {
  std::vector<std::string> out;
  for (const MemberView& member : members) {
    if (!member.is_leader) continue;
    for (const std::string& id : member.listed) {
      if (std::find(known.begin(), known.end(), id) == known.end()) out.push_back(id);
    }
  }
  return out;
}

}  // namespace ks::membership
