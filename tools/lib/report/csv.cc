#include "lib/report/csv.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

// What a line of series/ has beside its time (reports/README.md).
constexpr std::array kFigures{"records",        "bytes",          "errors",        "latency_ms_p50",
                              "latency_ms_p95", "latency_ms_p99", "latency_ms_max"};
constexpr const char* kEndOfLine = "\r\n";

// A text that spreadsheets take neither for a formula nor for several cells.
std::string cell(std::string_view text) {
  std::string out = one_line(text);
  if (!out.empty() && std::string_view("=+-@").find(out.front()) != std::string_view::npos) {
    out.insert(0, 1, '\'');
  }
  if (out.find_first_of(",\"") == std::string::npos) return out;
  for (std::size_t at = 0; (at = out.find('"', at)) != std::string::npos; at += 2) {
    out.insert(at, 1, '"');
  }
  return "\"" + out + "\"";
}

// 2026-01-31 12:00:00.250: what spreadsheets know as a time; UTC.
std::string time_cell(std::int64_t time_ns) {
  std::string text = cli::format_rfc3339(time_ns);
  std::ranges::replace(text, 'T', ' ');
  text.pop_back();
  return text;
}

std::string seconds_cell(std::int64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(ns) / 1e9);
  return text;
}

std::string number_cell(const nlohmann::json& value) {
  return value.is_number() ? value.dump() : "";
}

// The ends of the rows that a line makes: one, or one for each of a broker's own figures.
std::vector<std::string> figures_of(const nlohmann::json& line) {
  std::string traffic;
  for (const char* name : kFigures)
    traffic += "," + number_cell(line.value(name, nlohmann::json()));
  const auto metrics = line.find("metrics");
  if (metrics == line.end() || !metrics->is_object()) return {traffic + ",,"};
  std::vector<std::string> out;
  for (const auto& [name, value] : metrics->items()) {
    out.push_back(traffic + "," + cell(name) + "," + number_cell(value));
  }
  return out;
}

struct Line {
  std::int64_t time_ns = 0;
  std::vector<std::string> figures;
};

std::optional<Line> parse_line(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("time") || !json["time"].is_string()) return {};
  const auto time = cli::parse_rfc3339(json["time"].get<std::string>());
  if (!time) return {};
  return Line{*time, figures_of(json)};
}

// The file that evidence.cc found in the run folder.
const std::filesystem::path* file_of(const Step& step) {
  const auto name = std::filesystem::path(step.result.series).filename();
  const auto found = std::ranges::find(step.attachments, name, &std::filesystem::path::filename);
  return found == step.attachments.end() ? nullptr : &*found;
}

}  // namespace

std::string series_header() {
  std::string out = "time_utc,second,run,check,client,step,tool";
  for (const char* name : kFigures) out += std::string(",") + name;
  return out + ",metric,value" + kEndOfLine;
}

CsvSeries series_rows(const RunFolder& folder, const Step& step) {
  const Result& result = step.result;
  if (result.series.empty()) return {};
  const std::filesystem::path* file = file_of(step);
  if (file == nullptr) return {"", "not in the run folder: " + result.series};
  const auto text = cli::read_file(*file);
  if (!text) return {"", text.error().message()};
  const std::string names = "," + cell(result.run_id) + "," + cell(result.check) + "," +
                            cell(result.client) + "," + cell(result.step) + "," + cell(result.tool);
  CsvSeries out;
  std::size_t bad = 0;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    const auto line = parse_line(std::string_view(*text).substr(at, end - at));
    at = end + 1;
    if (!line) {
      ++bad;
      continue;
    }
    const std::string start = time_cell(line->time_ns) + "," +
                              seconds_cell(line->time_ns - folder.run.started_at_ns) + names;
    for (const std::string& figures : line->figures) {
      out.lines.append(start).append(figures).append(kEndOfLine);
    }
  }
  if (bad > 0) out.problem = std::to_string(bad) + " lines cannot be read: " + file->string();
  return out;
}

}  // namespace ks::report
