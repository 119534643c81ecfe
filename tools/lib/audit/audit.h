#pragma once

#include <filesystem>
#include <vector>

#include "lib/audit/allowances.h"
#include "lib/history/reader.h"
#include "lib/report/result.h"
#include "lib/tool/tool.h"
#include "lib/verify/checker.h"

// From a history folder to a result: reads, has lib/verify judge, and says what that means.
namespace ks::audit {

// What the checker has to know of who wrote the file.
verify::Writer writer_of(const history::FileSummary& file);

struct Audit {
  std::vector<history::FileSummary> files;
  std::vector<std::string> fault_names;  // of the verdict's faults
  verify::Verdict verdict;
};

// Judges every file of the folder; damage to one is evidence missing, not an excuse. An error is
// that the folder cannot be read.
cli::Result<Audit> audit_folder(const std::filesystem::path& folder);

// Puts anomalies, metrics, availability and the status they imply into the result.
void put(const verify::Verdict& verdict, const Allowances& allowances, report::Result& result);
void put(const Audit& audit, const Allowances& allowances, report::Result& result);

// Prints every metric and every example of an anomaly, each a line: its name, a tab, what it is.
void print_figures(const tool::Session& session);

}  // namespace ks::audit
