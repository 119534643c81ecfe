#include "lib/report/html_rows.h"

#include <functional>

#include "lib/report/html_step.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

namespace {

// "2 steps, 3 thresholds, 1 anomaly, 14 metrics"
std::string contents_of(const Row& row) {
  std::size_t thresholds = 0, anomalies = 0, findings = 0, metrics = 0;
  for (const Step& step : row.steps) {
    thresholds += step.result.thresholds.size();
    anomalies += step.result.anomalies.size();
    findings += step.result.findings.size();
    metrics += step.result.metrics.size();
  }
  std::string out = counted(row.steps.size(), "step");
  if (thresholds > 0) out += ", " + counted(thresholds, "threshold");
  if (anomalies > 0)
    out += ", " + std::to_string(anomalies) + (anomalies == 1 ? " anomaly" : " anomalies");
  if (findings > 0) out += ", " + counted(findings, "finding");
  if (metrics > 0) out += ", " + counted(metrics, "metric");
  return out;
}

data row_data(const Row& row, std::size_t index, const Timelines& timelines) {
  list steps;
  for (const Step& step : row.steps) steps.push_back(step_data(step));
  list logs;
  for (const auto& log : row.logs) logs.push_back(file_link(log));
  const bool has_log = !logs.empty();
  const bool has_evidence = has_log || !steps.empty();
  const auto timeline = timelines.anchors.find(index);
  return object{
      {"anchor", anchor_of(index)},
      {"title", row.spec.title.empty() ? row.spec.name : row.spec.title},
      {"check", row.spec.name},
      {"covers", row.spec.covers.empty() ? "–" : joined(row.spec.covers)},
      {"client", row.client == "none" ? "–" : row.client},
      {"class", status_class(row.status)},
      {"word", std::string(status_word(row))},
      {"duration", time_text(row.duration_ms)},
      {"reason", optional_text(row.reason)},
      {"accepted", optional_text(row.accepted_why)},
      {"timeline", optional_text(timeline == timelines.anchors.end() ? "" : timeline->second)},
      {"has_more", has_evidence || !row.reason.empty()},
      {"has_evidence", has_evidence},
      {"open", row.ran && row.status > Status::kSkip},
      {"contents", contents_of(row)},
      {"steps", steps},
      {"has_logs", has_log},
      {"logs", logs}};
}

data brief_data(const Row& row, std::size_t index) {
  const std::string word = row.status == Status::kPass ? "" : std::string(status_word(row));
  return object{
      {"anchor", anchor_of(index)}, {"name", row_name(row)}, {"word", optional_text(word)}};
}

// What the groups of a page are filled from.
struct Source {
  const Summary& summary;
  const Timelines& timelines;
  std::vector<bool> has_evidence;  // of each row
  std::size_t names;               // how many more may be named
};

void add_group(const std::string& title, const std::function<bool(const Row&)>& belongs,
               Source& source, list& out) {
  list rows, brief;
  std::size_t unnamed = 0;
  for (std::size_t i = 0; i < source.summary.rows.size(); ++i) {
    const Row& row = source.summary.rows[i];
    if (!is_part_of(row, source.summary.run) || !belongs(row)) continue;
    if (source.has_evidence[i]) {
      rows.push_back(row_data(row, i, source.timelines));
    } else if (source.names > 0) {
      --source.names;
      brief.push_back(brief_data(row, i));
    } else {
      ++unnamed;
    }
  }
  if (rows.empty() && brief.empty() && unnamed == 0) return;
  const std::size_t more = brief.size() + unnamed;
  const std::string rest = format_number(static_cast<double>(unnamed)) + " are not named here";
  out.emplace_back(object{{"title", title},
                          {"rows", rows},
                          {"has_brief", more > 0},
                          {"brief", brief},
                          {"more", format_number(static_cast<double>(more))},
                          {"unnamed", optional_text(unnamed == 0 ? "" : rest)}});
}

}  // namespace

list groups_data(const Summary& summary, const Timelines& timelines, Room& room) {
  list out;
  Source source{summary, timelines, with_evidence(summary, room), room.names};
  for (const Stage stage : stages_beside(summary.run.stage)) {
    const auto belongs = [&](const Row& row) {
      return counts(row) && row.requirement != Requirement::kUnlisted && row.spec.stage == stage;
    };
    add_group(group_title(summary.run, stage), belongs, source, out);
  }
  add_group(
      "Evidence only", [](const Row& row) { return !counts(row); }, source, out);
  add_group(
      "Not asked for", [](const Row& row) { return row.requirement == Requirement::kUnlisted; },
      source, out);
  return out;
}

std::string anchor_of(std::size_t row) { return "check-" + std::to_string(row + 1); }

std::string counted(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

}  // namespace ks::report
