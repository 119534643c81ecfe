#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/cli/output.h"
#include "lib/report/csv.h"
#include "lib/runs/command.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;

po::options_description options() {
  po::options_description options("Options of series");
  options.add_options()("output,o", po::value<std::string>()->default_value("-"),
                        "file to write, or - for stdout");
  return options;
}

// What is damaged is told, and the rest is written.
cli::Result<cli::ExitStatus> write_series(const po::variables_map& options) {
  const auto dirs = cli::option_or<std::vector<std::string>>(options, "word", {});
  if (dirs.empty()) return cli::fail("give a run folder", {}, "see --help");
  std::string csv = report::series_header();
  auto status = cli::ExitStatus::kPassed;
  for (const std::string& dir : dirs) {
    const auto folder = report::read_run_folder(dir);
    if (!folder) return tl::make_unexpected(folder.error());
    for (const report::Step& step : folder->steps) {
      const report::CsvSeries series = series_rows(*folder, step);
      csv += series.lines;
      if (series.problem.empty()) continue;
      cli::log_warning("series of " + step.result.check + " " + step.result.step + ": " +
                       series.problem);
      status = cli::ExitStatus::kInconclusive;
    }
  }
  const std::string out = text_option(options, "output");
  if (auto ok = cli::write_file(out, csv); !ok) return tl::make_unexpected(ok.error());
  return status;
}

}  // namespace

Command series_command() { return {options(), write_series}; }

}  // namespace ks::runs
