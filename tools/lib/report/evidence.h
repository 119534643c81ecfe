#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/report/check_end.h"
#include "lib/report/run.h"
#include "lib/report/step.h"

namespace ks::report {

// A result file that does not count, and why.
struct Problem {
  std::filesystem::path file;
  std::string message;
};

struct RunFolder {
  std::filesystem::path dir;
  Run run;
  std::vector<Step> steps;     // in the order they began
  std::vector<CheckEnd> ends;  // of the checks that began
  std::vector<Problem> problems;
  std::vector<std::filesystem::path> logs;  // sorted
};

// Reads run.json and every results/*.json. A result that is malformed, or of another run, becomes a
// problem; one of another target, profile or product is refused.
cli::Result<RunFolder> read_run_folder(const std::filesystem::path& dir);

// What one or several run folders hold, all of one target, profile and broker build.
using Evidence = std::vector<RunFolder>;
cli::Result<Evidence> read_evidence(const std::vector<std::filesystem::path>& dirs);

// Whether run folders are of one kind, target, profile and broker build, and each is there once.
cli::Result<void> can_be_merged(const Evidence& evidence);

// What all runs together are about: the highest stage, every broker and client. The evidence is not
// empty.
Run merged_run(const Evidence& evidence);

}  // namespace ks::report
