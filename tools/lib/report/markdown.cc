#include "lib/report/markdown.h"

#include <algorithm>
#include <array>
#include <set>

#include "lib/report/finding_hints.h"
#include "lib/report/html_step.h"
#include "lib/report/markdown_head.h"
#include "lib/report/markdown_table.h"
#include "lib/report/seen_findings.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

constexpr std::size_t kMostReasons = 12;  // a verdict with more is told by its table
constexpr std::size_t kMostCellBytes = 600;
constexpr std::size_t kReserve = 500;  // for the words that tell of what had no room

std::string cell(const std::string& text) {
  return escape_markdown(shortened(text, kMostCellBytes));
}

std::string code(const std::string& text) { return markdown_code(shortened(text, kMostCellBytes)); }

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// Up to where there is room.
std::string text_of(const Table& table, std::size_t room) {
  if (table.rows.empty()) return "";
  std::string out = "\n## " + table.title + "\n\n" + markdown_head(table.columns);
  std::size_t shown = 0;
  for (; shown < table.rows.size(); ++shown) {
    const std::string line = markdown_row(table.rows[shown]);
    if (out.size() + line.size() + kReserve > room) break;
    out += line;
  }
  if (shown == table.rows.size()) return out;
  const auto more = static_cast<double>(table.rows.size() - shown);
  return out + "\n" + format_number(more) + " more have no room here; summary.json has all.\n";
}

std::string client_of(const Row& row) { return row.client == "none" ? "" : cell(row.client); }

// Failed first, as the verdict has them.
Table missing_passes(const Summary& summary) {
  Table table{"What did not pass", {"Check", "Client", "Status", "Reason"}, {}};
  for (const Reason& reason : summary.verdict.reasons) {
    if (!reason.row) {
      table.rows.push_back(
          {"the run", "", std::string(to_string(reason.status)), cell(reason.text)});
      continue;
    }
    const Row& row = summary.rows[*reason.row];
    table.rows.push_back({code(row.spec.name) + " " + cell(row.spec.title), client_of(row),
                          "**" + std::string(status_word(row)) + "**", cell(row.reason)});
  }
  return table;
}

void add_anomalies(const Row& row, const Step& step, Table& table) {
  for (const Anomaly& anomaly : step.result.anomalies) {
    const std::string example = anomaly.examples.empty() ? "" : code(anomaly.examples.front());
    table.rows.push_back({code(anomaly.type), cell(row_name(row)),
                          format_number(static_cast<double>(anomaly.count)),
                          format_number(static_cast<double>(anomaly.allowed)), example});
  }
}

Table anomalies(const Summary& summary) {
  Table table{"Anomalies", {"Anomaly", "Check", "Seen", "Allowed", "An example"}, {}};
  std::set<std::filesystem::path> told;  // clients share some steps
  for (const Row& row : summary.rows) {
    for (const Step& step : row.steps) {
      if (told.insert(step.file).second) add_anomalies(row, step, table);
    }
  }
  return table;
}

Table findings(const Summary& summary) {
  Table table{"Findings", {"Finding", "Severity", "What was seen", "Seen by", "What to do"}, {}};
  for (const SeenFinding& seen : seen_findings(summary)) {
    table.rows.push_back(
        {code(seen.finding->id), cell(seen.finding->severity),
         cell(seen.finding->summary) +
             (seen.finding->evidence.empty() ? "" : ": " + code(seen.finding->evidence)),
         cell(joined(seen.seen_by)), cell(hint_of_finding(seen.finding->id))});
  }
  return table;
}

Table all_checks(const Summary& summary) {
  Table table{"All checks", {"Check", "Stage", "Client", "Status", "Time"}, {}};
  for (const Row& row : summary.rows) {
    if (!is_part_of(row, summary.run)) continue;
    table.rows.push_back({code(row.spec.name) + " " + cell(row.spec.title),
                          std::string(to_string(row.spec.stage)), client_of(row),
                          std::string(status_word(row)) + (counts(row) ? "" : " (evidence only)"),
                          time_text(row.duration_ms)});
  }
  return table;
}

Table not_tested(const Summary& summary) {
  Table table{"Not tested", {"Check", "Stage", "Client", "Why"}, {}};
  for (const NotTested& entry : summary.not_tested) {
    const std::string clients = joined(entry.clients);
    table.rows.push_back({code(entry.spec.name) + " " + cell(entry.spec.title),
                          std::string(to_string(entry.spec.stage)),
                          clients == "none" ? "" : cell(clients), cell(entry.reason)});
  }
  return table;
}

}  // namespace

std::string to_markdown(const Summary& summary, std::size_t most_bytes) {
  std::string out = markdown_head(summary, kMostReasons);
  const std::array tables{missing_passes(summary), anomalies(summary), findings(summary),
                          all_checks(summary), not_tested(summary)};
  // One that is long leaves a part to each that follows.
  const std::size_t least = most_bytes / 16;
  std::size_t kept = least * tables.size();
  for (const Table& table : tables) {
    kept -= least;
    out += text_of(table, most_bytes - std::min(most_bytes, out.size() + kept));
  }
  return out;
}

}  // namespace ks::report
