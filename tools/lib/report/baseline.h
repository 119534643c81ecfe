#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/report/figures.h"

namespace ks::report {

// What is kept of a run to judge later ones by: a line of the history
// (reports/schema/baseline-v1.json).
struct BaselineRun {
  Run run;
  Figures figures;
};

BaselineRun baseline_of(const RunFolder& folder);

// Whether their figures may be compared: same target, profile, stage and times, and machines of as
// many processors and about as much memory.
bool is_same_kind(const Run& a, const Run& b);
bool is_same_machine(const Machine& a, const Machine& b);

// One file of JSON lines. A run that is in it twice counts once, as it was saved last.
struct History {
  std::vector<BaselineRun> runs;  // in the order of their begins
  std::size_t damaged_lines = 0;  // a write that was cut off leaves one
};

// A file that is missing has no runs.
cli::Result<History> read_history(const std::filesystem::path& file);

// One write at the end of the file, on a line of its own also where the last one was cut off.
cli::Result<void> append_to_history(const std::filesystem::path& file, const BaselineRun& run);

}  // namespace ks::report
