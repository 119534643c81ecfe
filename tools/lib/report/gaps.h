#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/report/charter.h"
#include "lib/report/rows.h"

namespace ks::report {

// What became of an accepted gap in a run.
enum class GapState : std::uint8_t {
  kNotSeen,   // its checks did not run, or not far enough to tell
  kAccepted,  // it occurs, and is accepted
  kOccurs,    // it occurs beside what the charter does not accept
  kGone,      // a check that it covers did not fail so
  kExpired,
};
std::string_view to_string(GapState state);  // for people and for summary.json

struct GapOutcome {
  Gap gap;
  GapState state = GapState::kNotSeen;
  std::vector<std::string> complaints;  // why the verdict cannot be a pass with it
};

// Accepts what the charter accepts: a row that failed, and in which nothing else is wrong, gets the
// ids of the gaps that cover its failures. Only failures can be accepted, so a row with an error or
// too little evidence beside them stays as it is; its reason is then what no gap covers.
// `today` is the day of the run, in UTC. REQUIRES: the run is of the target kafscale.
std::vector<GapOutcome> accept_gaps(const Charter& charter, const std::string& today,
                                    std::vector<Row>& rows);

}  // namespace ks::report
