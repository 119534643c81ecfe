#include "lib/report/tap.h"

#include <algorithm>
#include <set>

#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

// One line in which no # begins a directive.
std::string escape_tap(std::string_view text) {
  std::string out;
  for (const char c : one_line(text)) {
    if (c == '\\' || c == '#') out += '\\';
    out += c;
  }
  return out;
}

// A JSON string is a YAML string, as long as it is ASCII or valid UTF-8.
std::string yaml(std::string_view text) { return nlohmann::json(clean(text)).dump(); }

std::string anomaly_lines(const Anomaly& anomaly) {
  std::string out = "        - type: " + yaml(anomaly.type) +
                    "\n          count: " + std::to_string(anomaly.count) +
                    "\n          allowed: " + std::to_string(anomaly.allowed) + "\n";
  if (anomaly.examples.empty()) return out;
  out += "          examples:\n";
  for (const auto& example : anomaly.examples) out += "            - " + yaml(example) + "\n";
  return out;
}

std::string step_lines(const Step& step) {
  const Result& result = step.result;
  std::string out = "    - step: " + yaml(result.step) +
                    "\n      status: " + std::string(to_string(result.status)) + "\n";
  if (!result.reason.empty()) out += "      reason: " + yaml(result.reason) + "\n";
  if (!result.anomalies.empty()) {
    out += "      anomalies:\n";
    for (const Anomaly& anomaly : result.anomalies) out += anomaly_lines(anomaly);
  }
  return out + "      result: " + yaml(step.file.string()) + "\n";
}

std::string diagnostics(const Row& row) {
  std::string out = "  ---\n  status: " + std::string(to_string(row.status)) +
                    "\n  message: " + yaml(row.reason) + "\n";
  if (!row.steps.empty()) {
    out += "  steps:\n";
    for (const Step& step : row.steps) out += step_lines(step);
  }
  return out + "  ...\n";
}

// Whatever a client could do, it is not judged; and what nobody asked for counts only if it failed.
bool is_todo(const Row& row) {
  return !row.accepted.empty() || (row.ran && row.status > Status::kSkip);
}

std::string todo_reason(const Row& row) {
  if (!row.accepted.empty()) return row.accepted_why;
  return counts(row) ? "nothing asks for it" : "evidence only";
}

std::string point(const Row& row, std::size_t number, bool counts_against) {
  const std::string name = std::to_string(number) + " - " + escape_tap(row_name(row));
  if (counts_against) return "not ok " + name + "\n" + diagnostics(row);
  if (row.status == Status::kPass) return "ok " + name + "\n";
  if (is_todo(row)) {
    return "not ok " + name + " # TODO " + escape_tap(todo_reason(row)) + "\n" + diagnostics(row);
  }
  return "ok " + name + " # SKIP " + std::string(status_word(row)) + ": " + escape_tap(row.reason) +
         "\n";
}

std::string point_of_run(const Reason& reason, std::size_t number) {
  return "not ok " + std::to_string(number) +
         " - the run\n  ---\n  status: " + std::string(to_string(reason.status)) +
         "\n  message: " + yaml(reason.text) + "\n  ...\n";
}

}  // namespace

std::string to_tap(const Summary& summary) {
  std::set<std::size_t> against;
  for (const Reason& reason : summary.verdict.reasons) {
    if (reason.row) against.insert(*reason.row);
  }
  std::string points;
  std::size_t number = 0;
  for (std::size_t i = 0; i < summary.rows.size(); ++i) {
    const Row& row = summary.rows[i];
    if (row.spec.stage > summary.run.stage && !row.ran) continue;
    points += point(row, ++number, against.contains(i));
  }
  for (const Reason& reason : summary.verdict.reasons) {
    if (!reason.row) points += point_of_run(reason, ++number);
  }
  const Status verdict = summary.verdict.status;
  std::string out = "TAP version 14\n1.." + std::to_string(number) + "\n# " +
                    escape_tap(occasion(summary.run)) + ": " +
                    escape_tap(decision(summary.run, verdict)) + ". " + tally(summary.rows) + "\n";
  if (const std::string text = notice(summary.run); !text.empty()) out += "# " + text + "\n";
  return out + points;
}

}  // namespace ks::report
