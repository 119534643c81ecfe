#pragma once

#include <filesystem>
#include <string>

#include "lib/cli/error.h"
#include "lib/cli/exit_status.h"
#include "lib/cli/options.h"

namespace ks::runs {

// One command of ks-report.
struct Command {
  cli::po::options_description options;
  cli::Result<cli::ExitStatus> (*run)(const cli::po::variables_map& options) = nullptr;
};

Command begin_command();   // makes a run folder
Command record_command();  // writes the result of a step that could not write its own
Command merge_command();   // judges run folders, and writes their reports

// ---- what they read of their options ------------------------------------------------------------

std::string text_option(const cli::po::variables_map& options, const char* name,
                        const std::string& otherwise = "");

// The run folder that a command is about.
cli::Result<std::filesystem::path> only_folder(const cli::po::variables_map& options);

// A folder's own name, also for "reports/run/" and ".".
std::string name_of(const std::filesystem::path& dir);

}  // namespace ks::runs
