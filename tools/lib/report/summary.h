#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/report/evidence.h"
#include "lib/report/matrix.h"
#include "lib/report/rows.h"
#include "lib/report/verdict.h"

namespace ks::report {

// Everything that the reports show, judged once: summary.json, checklist.md, report.html and
// junit.xml are views of it. Files are relative to the folder that the reports are written to.
struct Summary {
  Run run;                // merged; run_id names the report
  std::vector<Run> runs;  // as they were made
  std::int64_t finished_at_ns = 0;
  std::vector<Row> rows;
  std::vector<Problem> problems;
  std::string charter;  // its file; empty: none applies
  std::vector<GapOutcome> gaps;
  Verdict verdict;
  std::vector<Answer> answers;
  std::vector<NotTested> not_tested;
  std::vector<Matrix> matrices;
  std::vector<std::filesystem::path> logs;  // of the runs themselves, not of one check
  std::vector<Summary> profiles;            // of scenarios of several environments: each by itself
};

// `run_id` names the report of several runs; one run keeps its own. The charter is KafScale's: on
// another target nothing of it applies.
Summary summarize(const Manifest& manifest, const Evidence& evidence,
                  const std::filesystem::path& out, const std::string& run_id,
                  const Charter& charter = {});

// reports/schema/summary-v1.json.
nlohmann::ordered_json to_json(const Summary& summary);

}  // namespace ks::report
