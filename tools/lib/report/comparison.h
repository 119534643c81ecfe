#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/baseline.h"
#include "lib/report/result.h"
#include "lib/stats/spread.h"

namespace ks::report {

// Fewer earlier runs say nothing of what is usual, and only the newest are asked.
inline constexpr std::size_t kLeastEarlierRuns = 5;
inline constexpr std::size_t kMostEarlierRuns = 20;

enum class Change { kRegression, kMissing, kImprovement, kAsBefore, kTooFew };
std::string_view to_string(Change change);  // regression, missing, improvement, as before, too few

struct ComparedFigure {
  FigureKey key;
  Change change = Change::kTooFew;
  bool is_higher_better = false;
  std::optional<double> now;  // not there: missing
  stats::Spread earlier;
  std::optional<double> percent;  // of the median; not there where that is 0
};

struct Comparison {
  Run run;
  std::vector<std::string> earlier_runs;  // their ids
  std::size_t other_machines = 0;         // runs of the kind that were left out for theirs
  std::vector<ComparedFigure> figures;    // as Change is ordered
  Status status = Status::kInconclusive;  // pass, fail or inconclusive

  std::size_t count(Change change) const;
};

// A figure has changed if it is away from the median of the earlier runs by more than four scaled
// median absolute deviations, 20 % of the median, and what its unit always allows. Fails with a
// regression; without one it is inconclusive if no figure could be judged, or if one is missing
// that every earlier run has.
Comparison compare(const BaselineRun& now, const History& history);

// "regression: offsets (wire) read latency_ms_p99: 45.2, median 17 of 8 earlier runs (spread 1.2),
// +166 %"
std::string sentence(const ComparedFigure& figure);
// The verdict in one line.
std::string sentence(const Comparison& comparison);

// reports/schema/comparison-v1.json.
nlohmann::ordered_json to_json(const Comparison& comparison);

}  // namespace ks::report
