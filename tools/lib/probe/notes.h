#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/tool/tool.h"

namespace ks::probe {

// Findings while they are gathered: a result has each kind once, with all its evidence.
class Notes {
 public:
  void add(wire::FindingId id, std::string evidence) { seen_[id].push_back(std::move(evidence)); }
  std::size_t count(wire::FindingId id) const;

  // Into the result; of each kind the first report::kMostExamples pieces of evidence.
  void publish(tool::Session& session) const;

 private:
  std::map<wire::FindingId, std::vector<std::string>> seen_;
};

}  // namespace ks::probe
