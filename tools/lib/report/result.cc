#include "lib/report/result.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <utility>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"
#include "lib/cli/redact.h"
#include "lib/cli/version.h"
#include "lib/report/json_text.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;
constexpr double kLongestMs = 3.2e10;  // a year: sums of them stay exact, and fit in nanoseconds
constexpr std::array<std::pair<Status, std::string_view>, 5> kNames{{
    {Status::kPass, "pass"},
    {Status::kSkip, "skip"},
    {Status::kInconclusive, "inconclusive"},
    {Status::kError, "error"},
    {Status::kFail, "fail"},
}};

// JSON has no word for infinity or not-a-number: what was not measured is left out.
Metrics finite(const Metrics& metrics) {
  Metrics out;
  for (const auto& [name, value] : metrics) {
    if (std::isfinite(value)) out.emplace(name, value);
  }
  return out;
}

Json thresholds_to_json(const std::vector<Threshold>& thresholds) {
  Json list = Json::array();
  for (const Threshold& t : thresholds) {
    list.push_back(
        {{"metric", t.metric},
         {"op", t.op},
         {"limit", t.limit},
         {"observed", t.observed && std::isfinite(*t.observed) ? Json(*t.observed) : Json()},
         {"ok", t.ok}});
  }
  return list;
}

Json anomalies_to_json(const std::vector<Anomaly>& anomalies) {
  Json list = Json::array();
  for (const Anomaly& a : anomalies) {
    const std::size_t shown = std::min(a.examples.size(), kMostExamples);
    const std::vector<std::string> examples(
        a.examples.begin(), a.examples.begin() + static_cast<std::ptrdiff_t>(shown));
    list.push_back(
        {{"type", a.type}, {"count", a.count}, {"allowed", a.allowed}, {"examples", examples}});
  }
  return list;
}

Json findings_to_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& f : findings) {
    list.push_back(
        {{"id", f.id}, {"severity", f.severity}, {"summary", f.summary}, {"evidence", f.evidence}});
  }
  return list;
}

// 1000 rather than 1000.0, 0.25 in full.
std::string number_text(double value) {
  std::ostringstream text;
  text << std::setprecision(15) << value;
  return text.str();
}

std::vector<Threshold> thresholds_from_json(const Json& list) {
  std::vector<Threshold> out;
  for (const Json& t : list) {
    const Json& observed = t.at("observed");
    out.push_back(
        {t.at("metric"), t.at("op"), t.at("limit"),
         observed.is_null() ? std::nullopt : std::optional<double>(observed.get<double>()),
         t.at("ok")});
  }
  return out;
}

// Only unsigned numbers: a negative `allowed` would wrap to a huge one and hide every anomaly.
std::uint64_t count_from_json(const Json& json) {
  return json.get_ref<const Json::number_unsigned_t&>();
}

std::vector<Anomaly> anomalies_from_json(const Json& list) {
  std::vector<Anomaly> out;
  for (const Json& a : list) {
    out.push_back({a.at("type"), count_from_json(a.at("count")), count_from_json(a.at("allowed")),
                   a.at("examples").get<std::vector<std::string>>()});
  }
  return out;
}

}  // namespace

std::string_view to_string(Status status) {
  return std::find_if(kNames.begin(), kNames.end(),
                      [&](const auto& n) { return n.first == status; })
      ->second;
}

std::optional<Status> parse_status(std::string_view text) {
  const auto* const found =
      std::find_if(kNames.begin(), kNames.end(), [&](const auto& n) { return n.second == text; });
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

Status worst(Status a, Status b) { return std::max(a, b); }

cli::ExitStatus exit_status(Status status) {
  switch (status) {
    case Status::kPass:
      return cli::ExitStatus::kPassed;
    case Status::kFail:
      return cli::ExitStatus::kViolated;
    case Status::kError:
      return cli::ExitStatus::kCannotRun;
    case Status::kSkip:
    case Status::kInconclusive:
      break;
  }
  return cli::ExitStatus::kInconclusive;
}

void Result::lower_to(Status to, std::string why) {
  if (to <= status) return;
  status = to;
  reason = std::move(why);
}

std::string violation_text(const Threshold& threshold) {
  const std::string observed =
      threshold.observed ? number_text(*threshold.observed) : "nothing: not measured";
  return "expected " + threshold.metric + " " + threshold.op + " " + number_text(threshold.limit) +
         ", observed " + observed;
}

std::string violation_text(const Anomaly& anomaly) {
  return std::to_string(anomaly.count) + " " + anomaly.type + ", " +
         std::to_string(anomaly.allowed) + " allowed";
}

void apply(const std::vector<Expectation>& expectations, Result& result) {
  for (const Expectation& e : expectations) {
    const auto found = result.metrics.find(e.metric);
    Threshold threshold{e.metric, e.op, e.limit, std::nullopt, false};
    if (found != result.metrics.end()) {
      threshold.observed = found->second;
      threshold.ok = holds(e, found->second);
    }
    if (!threshold.ok) result.lower_to(Status::kFail, violation_text(threshold));
    result.thresholds.push_back(std::move(threshold));
  }
}

Result redacted(Result r) {
  const auto hide = [](std::string& text) { text = cli::redact(text); };
  hide(r.reason);
  for (std::string& argument : r.argv) hide(argument);
  for (Anomaly& a : r.anomalies) std::for_each(a.examples.begin(), a.examples.end(), hide);
  for (Finding& f : r.findings) {
    hide(f.summary);
    hide(f.evidence);
  }
  return r;
}

Json to_json(const Result& r) {
  Json json{
      {"schema_version", kSchemaVersion},
      {"run_id", r.run_id},
      {"check", r.check},
      {"step", r.step},
      {"client", r.client},
      {"client_version", r.client_version},
      {"title", r.title},
      {"stage", r.stage},
      {"status", to_string(r.status)},
      {"reason", r.reason},
      {"target", r.target},
      {"profile", r.profile},
      {"brokers", r.brokers},
      {"broker", {{"product", r.broker.product}, {"build", r.broker.build}}},
      {"tool", {{"name", r.tool}, {"version", cli::version()}, {"argv", r.argv}}},
      {"started_at", cli::format_rfc3339(r.started_at_ns)},
      {"duration_ms", r.duration_ms},
      {"metrics", finite(r.metrics)},
      {"thresholds", thresholds_to_json(r.thresholds)},
      {"anomalies", anomalies_to_json(r.anomalies)},
      {"findings", findings_to_json(r.findings)},
      {"series", r.series.empty() ? Json(nullptr) : Json(r.series)},
      {"artifacts", r.artifacts},
  };
  if (!r.data.is_null()) json["data"] = r.data;
  return json;
}

cli::Result<Result> result_from_json(const Json& json) {
  try {
    if (json.at("schema_version") != kSchemaVersion) {
      return cli::fail("unknown schema_version " + json.at("schema_version").dump());
    }
    Result r;
    r.run_id = json.at("run_id");
    r.check = json.at("check");
    r.step = json.at("step");
    r.client = json.at("client");
    r.client_version = json.at("client_version");
    r.title = json.at("title");
    r.stage = json.at("stage");
    const auto status = parse_status(json.at("status").get<std::string>());
    if (!status) return cli::fail("unknown status " + json.at("status").dump());
    r.status = *status;
    r.reason = json.at("reason");
    r.target = json.at("target");
    r.profile = json.at("profile");
    r.brokers = json.at("brokers").get<std::vector<std::string>>();
    r.broker = {json.at("broker").at("product"), json.at("broker").at("build")};
    r.tool = json.at("tool").at("name");
    r.argv = json.at("tool").at("argv").get<std::vector<std::string>>();
    const auto started_at = cli::parse_rfc3339(json.at("started_at").get<std::string>());
    if (!started_at) return tl::make_unexpected(started_at.error());
    r.started_at_ns = *started_at;
    r.duration_ms = json.at("duration_ms");
    if (!(r.duration_ms >= 0 && r.duration_ms <= kLongestMs)) {
      return cli::fail("not a duration " + json.at("duration_ms").dump());
    }
    r.metrics = json.at("metrics").get<Metrics>();
    r.thresholds = thresholds_from_json(json.at("thresholds"));
    r.anomalies = anomalies_from_json(json.at("anomalies"));
    for (const Json& f : json.at("findings")) {
      r.findings.push_back({f.at("id"), f.at("severity"), f.at("summary"), f.at("evidence")});
    }
    if (json.at("series").is_string()) r.series = json.at("series");
    r.artifacts = json.at("artifacts").get<std::vector<std::string>>();
    if (json.contains("data")) r.data = json.at("data");
    return r;
  } catch (const Json::exception& error) {
    return cli::fail(std::string("not a result: ") + error.what());
  }
}

cli::Result<Result> read_result(const std::filesystem::path& path) {
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  auto result = json.is_discarded() ? cli::fail("not JSON") : result_from_json(json);
  if (!result) {
    result.error().where = path.string();
    return result;
  }
  return redacted(std::move(*result));
}

cli::Result<void> write_result(const std::filesystem::path& path, const Result& result) {
  return cli::write_file(path, dump(to_json(redacted(result))));
}

}  // namespace ks::report
