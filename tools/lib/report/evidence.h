#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/report/result.h"
#include "lib/report/run.h"

namespace ks::report {

// One result file that was read.
struct Step {
  Result result;
  std::filesystem::path file;
  // The series and artifacts that lie in the run folder; others stay as text in `result`.
  std::vector<std::filesystem::path> attachments;
};

// A result file that does not count, and why.
struct Problem {
  std::filesystem::path file;
  std::string message;
};

struct RunFolder {
  std::filesystem::path dir;
  Run run;
  std::vector<Step> steps;  // in the order they began
  std::vector<Problem> problems;
  std::vector<std::filesystem::path> logs;  // sorted
};

// Reads run.json and every results/*.json. A result that is malformed, or of another run, becomes a
// problem; one of another target, profile or product is refused.
cli::Result<RunFolder> read_run_folder(const std::filesystem::path& dir);

// What one or several run folders hold, all of one target, profile and broker build.
using Evidence = std::vector<RunFolder>;
cli::Result<Evidence> read_evidence(const std::vector<std::filesystem::path>& dirs);

}  // namespace ks::report
