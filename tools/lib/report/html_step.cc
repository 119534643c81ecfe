#include "lib/report/html_step.h"

#include "lib/cli/units.h"
#include "lib/report/anomaly_words.h"
#include "lib/report/rows.h"
#include "lib/report/text.h"

namespace ks::report {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

namespace {

std::string operator_text(const std::string& op) {
  if (op == "<=") return "≤";
  if (op == ">=") return "≥";
  if (op == "==") return "=";
  if (op == "!=") return "≠";
  return op;
}

std::string severity_class(const std::string& severity) {
  if (severity == "violation") return status_class(Status::kFail);
  if (severity == "warning") return status_class(Status::kInconclusive);
  return status_class(Status::kSkip);
}

template <typename Items, typename Data>
list list_of(const Items& items, Data data_of) {
  list out;
  for (const auto& item : items) out.emplace_back(data_of(item));
  return out;
}

list metrics_data(const Result& result) {
  list out;
  for (const auto& [name, value] : result.metrics) {
    out.emplace_back(object{{"name", name}, {"value", format_number(value)}});
  }
  return out;
}

std::string tool_text(const Result& result) {
  std::string out = result.tool;
  for (const std::string& word : result.argv) {
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$|&;<>*?(){}[]") == word.npos;
    out += plain ? " " + word : " '" + word + "'";
  }
  return out;
}

std::string client_text(const Result& result) {
  if (result.client == "none") return "";
  return result.client + (result.client_version.empty() ? "" : " " + result.client_version);
}

}  // namespace

data optional_text(const std::string& text) { return text.empty() ? data(false) : data(text); }

std::string status_class(Status status) { return std::string(to_string(status)); }

data file_link(const std::filesystem::path& file) {
  return object{{"link", relative_link(file.string())}, {"name", file.filename().string()}};
}

std::string time_text(double duration_ms) {
  if (!(duration_ms > 0 && duration_ms < 1e12)) return "–";
  if (duration_ms < 1) return "< 1 ms";
  return cli::format_duration(
      std::chrono::nanoseconds(static_cast<std::int64_t>(duration_ms * 1e6)));
}

object threshold_data(const Threshold& t) {
  return {{"metric", t.metric},
          {"expected", operator_text(t.op) + " " + format_number(t.limit)},
          {"observed", t.observed ? format_number(*t.observed) : "not measured"},
          {"class", status_class(t.ok ? Status::kPass : Status::kFail)},
          {"word", t.ok ? "ok" : (t.observed ? "violated" : "missing")}};
}

object anomaly_data(const Anomaly& a) {
  list examples;
  for (const std::string& example : a.examples) examples.emplace_back(example);
  const std::size_t shown = a.examples.size();
  const bool more = shown > 0 && a.count > shown;
  return {
      {"type", a.type},
      {"meaning", optional_text(meaning_of_anomaly(a.type))},
      {"count", format_number(static_cast<double>(a.count))},
      {"allowed", format_number(static_cast<double>(a.allowed))},
      {"has_examples", !examples.empty()},
      {"examples", examples},
      {"more_examples",
       optional_text(more ? "and " + format_number(static_cast<double>(a.count - shown)) + " more"
                          : "")}};
}

object finding_data(const Finding& f) {
  return {{"id", f.id},
          {"severity", f.severity},
          {"class", severity_class(f.severity)},
          {"summary", f.summary},
          {"evidence", optional_text(f.evidence)}};
}

data step_data(const Step& step) {
  const Result& result = step.result;
  list files{file_link(step.file)};
  for (const auto& file : step.attachments) files.push_back(file_link(file));
  list elsewhere;
  for (const std::string& artifact : result.artifacts) elsewhere.emplace_back(artifact);
  return object{{"name", result.step.empty() ? result.check : result.step},
                {"class", status_class(result.status)},
                {"word", std::string(status_word(result.status))},
                {"duration", time_text(result.duration_ms)},
                {"reason", optional_text(result.reason)},
                {"has_thresholds", !result.thresholds.empty()},
                {"thresholds", list_of(result.thresholds, threshold_data)},
                {"anomalies", list_of(result.anomalies, anomaly_data)},
                {"has_findings", !result.findings.empty()},
                {"findings", list_of(result.findings, finding_data)},
                {"has_metrics", !result.metrics.empty()},
                {"metrics", metrics_data(result)},
                {"tool", optional_text(tool_text(result))},
                {"client", optional_text(client_text(result))},
                {"files", files},
                {"elsewhere", elsewhere}};
}

}  // namespace ks::report
