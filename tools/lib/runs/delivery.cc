#include "lib/report/delivery.h"

#include "lib/cli/file.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;

po::options_description options() {
  po::options_description options("Options of delivery");
  auto add = options.add_options();
  add("output,o", po::value<std::string>()->default_value("-"), "file to write, or - for stdout");
  add("stages", po::value<std::string>(), "list of checks; default: gates/stages.json");
  add("charter", po::value<std::string>(), kCharterHelp);
  return options;
}

// The folder of a run itself; what is wrong with it is told by who reads it.
Result<fs::path> itself(const fs::path& dir) {
  const auto run = report::read_run(dir);
  if (!run || run->stage == report::Stage::kDelivery) return dir;
  return cli::fail("a run of the stage " + std::string(to_string(run->stage)), dir.string(),
                   "give one of make delivery");
}

// Of a folder of run folders the run of delivery that is preferred, of those that reached their
// end: a short one does not take the place of one at full time.
Result<fs::path> run_of(const fs::path& folder) {
  if (is_run_folder(folder)) return itself(folder);
  const auto there = run_folders_in(folder);
  if (!there) return tl::make_unexpected(there.error());
  std::vector<report::Run> runs;
  std::vector<fs::path> dirs;  // of the same
  for (const fs::path& dir : *there) {
    auto run = report::read_run(dir);
    if (!run || run->stage != report::Stage::kDelivery || !run->ended) continue;
    runs.push_back(std::move(*run));
    dirs.push_back(dir);
  }
  const report::Run* const found = report::preferred_run(runs);
  if (found == nullptr) {
    return cli::fail("no run of delivery that ended", folder.string(),
                     "run make delivery, or name a run folder");
  }
  return dirs[static_cast<std::size_t>(found - runs.data())];
}

Result<cli::ExitStatus> write_delivery(const po::variables_map& options) {
  const auto folders = named_folders(options);
  if (!folders) return tl::make_unexpected(folders.error());
  std::vector<fs::path> dirs;
  for (const fs::path& folder : *folders) {
    auto dir = run_of(folder);
    if (!dir) return tl::make_unexpected(dir.error());
    dirs.push_back(std::move(*dir));
  }
  const auto summary = judge_runs(dirs, dirs.front(), options);
  if (!summary) return tl::make_unexpected(summary.error());
  const std::string out = text_option(options, "output");
  if (auto ok = cli::write_file(out, report::to_delivery_report(*summary)); !ok) {
    return tl::make_unexpected(ok.error());
  }
  return cli::ExitStatus::kPassed;
}

}  // namespace

Command delivery_command() { return {options(), write_delivery}; }

}  // namespace ks::runs
