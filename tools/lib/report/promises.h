#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "lib/report/charter.h"
#include "lib/report/summary.h"

namespace ks::report {

// From best to worst.
enum class PromiseState : std::uint8_t { kKept, kAccepted, kNotTested, kBroken };
std::string_view to_string(PromiseState state);  // kept, accepted, not tested, broken

struct PromiseOutcome {
  Promise promise;
  PromiseState state = PromiseState::kNotTested;
  std::vector<std::string> accepted;  // ids of the gaps by which it is not kept in full
  std::string reason;                 // one line; empty only for kept
  std::vector<std::size_t> rows;      // of the summary: its evidence
};

// Each promise is as good as the worst of its evidence. Only a run on what was identified as a
// KafScale tells anything of them.
std::vector<PromiseOutcome> judge_promises(const Charter& charter, const Summary& summary);

// kept or accepted 0, broken 1, something not tested 3.
cli::ExitStatus exit_status(const std::vector<PromiseOutcome>& outcomes);

// The threshold by which a check of versions judges one API: how many of those promised are
// missing.
std::string missing_versions_metric(const PromisedApi& api);

// reports/schema/promises-v1.json.
nlohmann::ordered_json to_json(const std::vector<PromiseOutcome>& outcomes, const Summary& summary,
                               const Charter& charter);

}  // namespace ks::report
