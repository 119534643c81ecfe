#include "lib/probe/notes.h"

namespace ks::probe {

std::size_t Notes::count(wire::FindingId id) const {
  const auto found = seen_.find(id);
  return found == seen_.end() ? 0 : found->second.size();
}

void Notes::publish(tool::Session& session) const {
  for (const auto& [id, all] : seen_) {
    std::string evidence;
    for (std::size_t i = 0; i < all.size() && i < report::kMostExamples; ++i) {
      evidence += (i == 0 ? "" : "; ") + all[i];
    }
    if (all.size() > report::kMostExamples) {
      evidence += "; and " + std::to_string(all.size() - report::kMostExamples) + " more";
    }
    session.note({id, std::move(evidence)});
  }
}

}  // namespace ks::probe
