#pragma once

#include <string>
#include <vector>

#include "lib/cli/exit_status.h"
#include "lib/cli/options.h"
#include "lib/scenario/suite.h"

namespace ks::scenario {

// What a command of ks-run ends with: a status of its own, or 128 + the signal that ended it.
using Ended = cli::Result<int>;

// One command of ks-run; its words follow it.
using Command = Ended (*)(const cli::po::variables_map& options,
                          const std::vector<std::string>& words);

Ended run_command(const cli::po::variables_map& options, const std::vector<std::string>& words);
Ended suite_command(const cli::po::variables_map& options, const std::vector<std::string>& words);
Ended validate_command(const cli::po::variables_map& options,
                       const std::vector<std::string>& words);
Ended select_command(const cli::po::variables_map& options, const std::vector<std::string>& words);
Ended init_command(const cli::po::variables_map& options, const std::vector<std::string>& words);

// Of a fleet: one prepares, many work, one judges.
Ended prepare_command(const cli::po::variables_map& options, const std::vector<std::string>& words);
Ended work_command(const cli::po::variables_map& options, const std::vector<std::string>& words);
Ended judge_command(const cli::po::variables_map& options, const std::vector<std::string>& words);
Ended clock_command(const cli::po::variables_map& options, const std::vector<std::string>& words);

// Prints every complaint; the status of bad input.
int tell_complaints(const Suite& suite);

// Runs the files, in their order, in one run folder, and reports it.
Ended run_files(const Suite& suite, const cli::po::variables_map& options);

}  // namespace ks::scenario
