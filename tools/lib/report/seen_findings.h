#pragma once

#include <string>
#include <vector>

#include "lib/report/summary.h"

namespace ks::report {

// A finding that one or several steps of a run tell, which is one thing to look into.
struct SeenFinding {
  const Finding* finding = nullptr;  // as the first told it; of the summary
  std::size_t times = 0;             // steps that tell it
  std::vector<std::string> seen_by;  // names of the rows, each once
};

// The gravest first, then by id.
std::vector<SeenFinding> seen_findings(const Summary& summary);

}  // namespace ks::report
