#include "lib/report/performance.h"

#include <algorithm>

#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;

po::options_description options() {
  po::options_description options("Options of performance");
  auto add = options.add_options();
  add("output,o", po::value<std::string>()->default_value("-"), "file to write, or - for stdout");
  add("stages", po::value<std::string>(), "list of checks; default: gates/stages.json");
  return options;
}

// Those of the validation of performance; of the others only run.json is read. One that is damaged
// is told, and left out.
Result<report::Evidence> read_runs(const std::vector<fs::path>& folders) {
  report::Evidence out;
  for (const fs::path& folder : folders) {
    const auto dirs = run_folders_in(folder);
    if (!dirs) return tl::make_unexpected(dirs.error());
    for (const fs::path& dir : *dirs) {
      const auto run = report::read_run(dir);
      if (run && run->stage != report::Stage::kPerformance) continue;
      auto read = report::read_run_folder(dir);
      if (read) {
        out.push_back(std::move(*read));
      } else {
        cli::log_warning("left out: " + read.error().message());
      }
    }
  }
  return out;
}

Result<cli::ExitStatus> write_performance(const po::variables_map& options) {
  const auto folders = named_folders(options);
  if (!folders) return tl::make_unexpected(folders.error());
  const auto manifest = load_manifest(options);
  if (!manifest) return tl::make_unexpected(manifest.error());
  const auto runs = read_runs(*folders);
  if (!runs) return tl::make_unexpected(runs.error());
  const auto performance = report::make_performance(*manifest, *runs);
  if (!performance) return tl::make_unexpected(performance.error());
  const std::string out = text_option(options, "output");
  if (auto ok = cli::write_file(out, to_markdown(*performance)); !ok) {
    return tl::make_unexpected(ok.error());
  }
  return cli::ExitStatus::kPassed;
}

}  // namespace

Command performance_command() { return {options(), write_performance}; }

}  // namespace ks::runs
