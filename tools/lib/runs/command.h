#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/exit_status.h"
#include "lib/cli/options.h"
#include "lib/report/charter.h"
#include "lib/report/manifest.h"
#include "lib/report/run.h"
#include "lib/report/summary.h"

namespace ks::runs {

// One command of ks-report.
struct Command {
  cli::po::options_description options;
  cli::Result<cli::ExitStatus> (*run)(const cli::po::variables_map& options) = nullptr;
};

Command begin_command();        // makes a run folder, or says that a check began in one
Command record_command();       // writes the result of a step that could not write its own
Command status_command();       // ends with the status of a result
Command end_command();          // says that a check, or the run, reached its end
Command baseline_command();     // how a run's figures compare with those of earlier ones
Command charter_command();      // what is promised, beside what a run shows of it
Command delivery_command();     // what is promised of delivery, and what runs show of it, as a page
Command performance_command();  // a validation of performance as a page to keep
Command repeats_command();      // what several runs of the same come to
Command series_command();       // the figures of each second as CSV
Command suite_command();        // judges runs of several profiles, and shows them in one page
Command merge_command();        // judges run folders, and writes their reports

// ---- what they read of their options ------------------------------------------------------------

std::string text_option(const cli::po::variables_map& options, const char* name,
                        const std::string& otherwise = "");

// The run folder that a command is about.
cli::Result<std::filesystem::path> only_folder(const cli::po::variables_map& options);

// The folders that are named, or where the gates leave their runs.
cli::Result<std::vector<std::filesystem::path>> named_folders(
    const cli::po::variables_map& options);

// The list of checks that --stages names, or the project's.
cli::Result<report::Manifest> load_manifest(const cli::po::variables_map& options);

// The charter of --charter, KS_CHARTER or the project, its gaps checked by the list. It is
// KafScale's: on another target it is read only where somebody names it.
cli::Result<report::Charter> load_charter(const cli::po::variables_map& options,
                                          const report::Manifest& manifest,
                                          const std::string& target);

inline constexpr const char* kCharterHelp =
    "promises and accepted gaps of a KafScale; default: KS_CHARTER, else profiles/charter.yaml";

// The run folders, judged by the options' list and charter; files are as seen from `out`, whose
// name is that of the report of several runs.
cli::Result<report::Summary> judge_runs(const std::vector<std::filesystem::path>& dirs,
                                        const std::filesystem::path& out,
                                        const cli::po::variables_map& options);
// The same of what was read of them, which can be merged.
cli::Result<report::Summary> judge_evidence(const report::Evidence& evidence,
                                            const std::filesystem::path& out,
                                            const cli::po::variables_map& options);

// Whether it is one, and those that there are: itself, or what a folder of run folders has, by
// name. What links to another is not another run.
bool is_run_folder(const std::filesystem::path& dir);
cli::Result<std::vector<std::filesystem::path>> run_folders_in(const std::filesystem::path& dir);

// A folder's own name, also for "reports/run/" and ".".
std::string name_of(const std::filesystem::path& dir);

// ---- results that ks-report writes itself -------------------------------------------------------

// A result of `run` for the check and client of the options, else of the environment.
cli::Result<report::Result> own_result(const cli::po::variables_map& options,
                                       const report::Run& run);

// Where a check's result of a step lies, as seen from the run folder.
std::filesystem::path result_file(const std::string& check, const std::string& client,
                                  const std::string& step);

// Says what the check comes to if it dies: an error, until its end takes the place of it.
cli::Result<void> begin_check(const std::filesystem::path& dir,
                              const cli::po::variables_map& options);

}  // namespace ks::runs
