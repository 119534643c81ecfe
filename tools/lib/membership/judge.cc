#include "lib/membership/judge.h"

#include <algorithm>

namespace ks::membership {

std::string name_of(const MemberView& member) { return "member " + std::to_string(member.number); }

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

bool are_all(const std::vector<MemberView>& members) {
  std::vector<std::string> ids;
  for (const MemberView& member : members) ids.push_back(member.id);
  return std::any_of(members.begin(), members.end(), [&](const MemberView& member) {
    return std::is_permutation(ids.begin(), ids.end(), member.listed.begin(), member.listed.end());
  });
}

void judge_generation(const std::vector<MemberView>& members, const std::string& topic,
                      std::int32_t partitions, Anomalies& anomalies) {
  const MemberView& first = members.front();
  const auto violated = [&](const char* rule, std::string example) {
    example += " in generation " + std::to_string(first.generation);
    anomalies.add(rule, example);
  };
  std::map<client::TopicPartition, std::vector<std::string>> owners;
  for (std::int32_t id = 0; id < partitions; ++id) owners[{topic, id}];
  for (const MemberView& member : members) {
    const std::string name = name_of(member);
    if (member.leader != first.leader) {
      violated(kLeadersDiffer,
               name + " follows " + member.leader + ", " + name_of(first) + " " + first.leader);
    }
    for (const client::TopicPartition& at : member.assignment) {
      const auto owner = owners.find(at);
      if (owner == owners.end()) {
        violated(kStrayAssignment, at.text() + " of " + name);
      } else {
        owner->second.push_back(name);
      }
    }
  }
  for (const auto& [at, of] : owners) {
    if (of.empty()) violated(kUnassigned, at.text());
    for (std::size_t i = 1; i < of.size(); ++i) {
      violated(kAssignedTwice, at.text() + " to " + of[0] + " and " + of[i]);
    }
  }
}

std::vector<std::string> strangers(const std::vector<MemberView>& members,
                                   const std::set<std::string>& known) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& id) {
    if (!id.empty() && known.count(id) == 0) out.push_back(id);
  };
  for (const MemberView& member : members) {
    add(member.leader);
    for (const std::string& id : member.listed) add(id);
  }
  return out;
}

}  // namespace ks::membership
