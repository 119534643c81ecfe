#pragma once

#include <cstddef>
#include <vector>

#include "lib/report/summary.h"

namespace ks::report {

// How much of a run a page shows; what has no room is named, or counted.
struct Room {
  std::size_t evidence_bytes = 1'000'000'000;  // of the checks' evidence, about
  std::size_t timelines = 1000;
  std::size_t names = 1'000'000;  // of checks without their evidence

  // Makes it smaller for a page that is `over` bytes too large: first evidence goes, then
  // timelines, then names. False where nothing is left to go.
  bool shrink(std::size_t over);
};

// Which rows are shown with their evidence: those that did not pass before those that did, up to
// 150 of each, as far as there is room. It becomes as large as what they take.
std::vector<bool> with_evidence(const Summary& summary, Room& room);

}  // namespace ks::report
