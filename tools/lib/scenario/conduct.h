#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/cli/progress.h"
#include "lib/scenario/fleet.h"
#include "lib/scenario/fleet_plan.h"
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
  Shard shard;  // of a fleet
};

// The whole of a scenario: topics, traffic with its faults, what became of the records, checks; and
// everything that it made or disturbed is undone, whatever ends it. Each step leaves its result in
// the run folder, the check its end. Errors: the run folder cannot be written to.
cli::Result<std::vector<Outcome>> conduct(const Scenario& scenario, const Conduct& conduct);

// ---- the same in three parts, for a fleet -------------------------------------------------------

// What its workers brought.
struct Whole {
  std::vector<Figures> figures;    // one of each named scenario
  std::vector<std::string> steps;  // that have results in the run folder
  bool was_sent = false;           // something that may have been lost, and is to be read back
  bool lacks_history = false;      // what somebody sent is not told of
  bool is_interrupted = false;     // nobody waits for more than that it is undone
  // Takes back of what the checks say that for which the evidence is too little.
  std::function<void(std::vector<Outcome>&)> doubt;
};

// First, once: topics and what else the traffic needs.
cli::Result<Prepared> prepare(const Scenario& scenario, const Conduct& conduct);

// Then on each worker: its part of the traffic. Gives why it was broken off; empty: it was not.
cli::Result<std::string> do_part(const Scenario& scenario, const Conduct& conduct);

// Last, once: what became of the records, checks, and everything is undone.
cli::Result<std::vector<Outcome>> judge_whole(const Scenario& scenario, const Conduct& conduct,
                                              const Prepared& prepared, const Whole& whole);

}  // namespace ks::scenario
