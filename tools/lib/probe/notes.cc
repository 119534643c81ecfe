#include "lib/probe/notes.h"

#include <algorithm>

namespace ks::probe {

std::size_t Notes::count(wire::FindingId id) const {
  const auto found = seen_.find(id);
  return found == seen_.end() ? 0 : found->second.size();
}

void Notes::publish(tool::Session& session) const {
  for (const auto& [id, all] : seen_) {
    std::vector<std::string> different;
    for (const std::string& each : all) {
      if (std::ranges::find(different, each) == different.end()) different.push_back(each);
    }
    std::string evidence;
    for (std::size_t i = 0; i < different.size() && i < report::kMostExamples; ++i) {
      const auto times = std::ranges::count(all, different[i]);
      evidence += (i == 0 ? "" : "; ") + different[i];
      if (times > 1) evidence += " (" + std::to_string(times) + " times)";
    }
    if (different.size() > report::kMostExamples) {
      evidence += "; and " + std::to_string(different.size() - report::kMostExamples) + " more";
    }
    session.note({id, std::move(evidence)});
  }
}

}  // namespace ks::probe
