#include "lib/report/seen_findings.h"

#include <algorithm>
#include <map>
#include <set>

namespace ks::report {
namespace {

int gravity(const std::string& severity) {
  if (severity == "violation") return 0;
  return severity == "warning" ? 1 : 2;
}

}  // namespace

std::vector<SeenFinding> seen_findings(const Summary& summary) {
  std::map<std::pair<int, std::string>, SeenFinding> seen;
  std::set<std::pair<std::filesystem::path, std::string>> counted;  // clients share some steps
  for (const Row& row : summary.rows) {
    for (const Step& step : row.steps) {
      for (const Finding& finding : step.result.findings) {
        SeenFinding& entry = seen[{gravity(finding.severity), finding.id}];
        if (entry.finding == nullptr) entry.finding = &finding;
        if (counted.emplace(step.file, finding.id).second) ++entry.times;
        const std::string name = row_name(row);
        if (std::ranges::find(entry.seen_by, name) == entry.seen_by.end()) {
          entry.seen_by.push_back(name);
        }
      }
    }
  }
  std::vector<SeenFinding> out;
  for (auto& [key, entry] : seen) out.push_back(std::move(entry));
  return out;
}

}  // namespace ks::report
