#pragma once

#include <filesystem>

#include "lib/cli/error.h"
#include "lib/report/summary.h"

namespace ks::report {

// Writes junit.xml, results.tap, checklist.md, report.md, report.html and summary.json to `out`;
// each appears whole, and summary.json, which scripts wait for, last.
cli::Result<void> write_reports(const Summary& summary, const std::filesystem::path& out);

// Makes REPORTS/latest a link to the run folder `out` in REPORTS. Readers see the old or the new
// one.
cli::Result<void> point_latest_at(const std::filesystem::path& out);

}  // namespace ks::report
