#include "lib/report/html_observations.h"

#include <set>

#include "lib/report/finding_hints.h"
#include "lib/report/html_rows.h"
#include "lib/report/html_step.h"
#include "lib/report/seen_findings.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

using kainjow::mustache::list;
using kainjow::mustache::object;

constexpr std::size_t kMostAnomalies = 100;

void add_anomalies(const Summary& summary, object& page) {
  list rows;
  std::size_t more = 0;
  std::set<std::filesystem::path> seen;  // clients share some steps
  for (std::size_t i = 0; i < summary.rows.size(); ++i) {
    const Row& row = summary.rows[i];
    for (const Step& step : row.steps) {
      if (!seen.insert(step.file).second) continue;
      for (const Anomaly& anomaly : step.result.anomalies) {
        if (rows.size() == kMostAnomalies) {
          ++more;
          continue;
        }
        object data = anomaly_data(anomaly);
        data["name"] = row_name(row);
        data["anchor"] = anchor_of(i);
        rows.emplace_back(std::move(data));
      }
    }
  }
  page["has_anomalies"] = !rows.empty();
  page["anomalies"] = rows;
  page["more_anomalies"] = optional_text(
      more == 0 ? "" : format_number(static_cast<double>(more)) + " more are in results/.");
}

void add_findings(const Summary& summary, object& page) {
  list rows;
  for (const SeenFinding& seen : seen_findings(summary)) {
    object data = finding_data(*seen.finding);
    data["hint"] = optional_text(hint_of_finding(seen.finding->id));
    constexpr std::size_t kMostBytes = 400;
    data["seen_by"] = shortened(joined(seen.seen_by), kMostBytes);
    rows.emplace_back(std::move(data));
  }
  page["has_findings"] = !rows.empty();
  page["findings"] = rows;
}

}  // namespace

void add_observations(const Summary& summary, object& page) {
  add_anomalies(summary, page);
  add_findings(summary, page);
}

}  // namespace ks::report
