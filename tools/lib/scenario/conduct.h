#pragma once

#include <string>
#include <vector>

#include "lib/cli/progress.h"
#include "lib/scenario/judge.h"
#include "lib/scenario/steps.h"

namespace ks::scenario {

// What runs one scenario has to be told.
struct Conduct {
  CheckPlace place;
  std::string sha256;  // of the file
  std::string profile;
  std::vector<std::string> brokers;
  std::string metrics_url;           // the profile's; may be empty
  std::uint64_t first_producer = 0;  // the first number of its producers' identities
  cli::Progress* progress = nullptr;
};

// The whole of a scenario: topics, traffic with its faults, what became of the records, checks; and
// everything that it made or disturbed is undone, whatever ends it. Each step leaves its result in
// the run folder, the check its end. Errors: the run folder cannot be written to.
cli::Result<std::vector<Outcome>> conduct(const Scenario& scenario, const Conduct& conduct);

}  // namespace ks::scenario
