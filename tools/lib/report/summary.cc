#include "lib/report/summary.h"

#include <algorithm>
#include <set>

#include "lib/cli/clock.h"
#include "lib/report/by_profile.h"
#include "lib/report/questions.h"
#include "lib/report/scenario_summary.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

std::int64_t finished_at_ns(const Run& run, const Evidence& evidence) {
  std::int64_t last = run.started_at_ns;
  for (const RunFolder& folder : evidence) {
    for (const Step& step : folder.steps) {
      const auto duration_ns = static_cast<std::int64_t>(step.result.duration_ms * 1e6);
      last = std::max(last, step.result.started_at_ns + duration_ns);
    }
  }
  return last;
}

// The day on which the last of the runs began, in UTC: judged again later, a gap is what it was
// then.
std::string day_of(const std::vector<Run>& runs) {
  std::int64_t last = runs.front().started_at_ns;
  for (const Run& run : runs) last = std::max(last, run.started_at_ns);
  return cli::format_rfc3339(last).substr(0, std::string_view("2026-12-31").size());
}

// What the gate and the brokers logged: the logs of checks are with their rows.
void add_logs_of_run(const RunFolder& folder, const std::filesystem::path& out, Summary& summary) {
  std::set<std::string> prefixes;
  for (const Row& row : summary.rows) prefixes.insert(row.spec.name + ".");
  for (const std::filesystem::path& log : folder.logs) {
    const std::string name = log.filename().string();
    std::error_code ignored;
    if (prefixes.count(name.substr(0, name.find('.') + 1)) != 0) continue;
    summary.logs.push_back(std::filesystem::proximate(log, out, ignored));
  }
}

// What a run of scenarios is judged by: each of them, whatever the target, with the client that it
// ran with, or with both.
Manifest manifest_of(const Run& run) {
  Manifest manifest;
  for (const ScenarioRef& scenario : run.scenarios) {
    const auto known = std::ranges::find(manifest, scenario.check, &CheckSpec::name);
    if (known != manifest.end()) {
      known->only_client.clear();
      continue;
    }
    CheckSpec spec;
    spec.name = scenario.check;
    spec.stage = run.stage;
    spec.title = scenario.title;
    spec.targets = {"kafscale", "kafka"};
    spec.each_client = true;
    spec.only_client = scenario.client;
    manifest.push_back(std::move(spec));
  }
  return manifest;
}

Json files_to_json(const std::vector<Step>& steps) {
  Json list = Json::array();
  for (const Step& step : steps) list.push_back(step.file.string());
  return list;
}

Json checks_to_json(const Summary& summary) {
  Json list = Json::array();
  for (const Row& row : summary.rows) {
    if (!is_part_of(row, summary.run)) continue;
    list.push_back({{"check", row.spec.name},
                    {"client", row.client},
                    {"status", to_string(row.status)},
                    {"reason", row.reason},
                    {"required", row.required()},
                    {"accepted", row.accepted.empty() ? Json() : Json(joined(row.accepted))},
                    {"duration_ms", row.duration_ms},
                    {"stage", to_string(row.spec.stage)},
                    {"ran", row.ran},
                    {"results", files_to_json(row.steps)}});
  }
  return list;
}

Json counts_to_json(const Summary& summary) {
  Json counts = Json::object();
  for (const Status status :
       {Status::kPass, Status::kFail, Status::kInconclusive, Status::kError, Status::kSkip}) {
    counts[std::string(to_string(status))] = std::count_if(
        summary.rows.begin(), summary.rows.end(),
        [&](const Row& row) { return is_part_of(row, summary.run) && row.status == status; });
  }
  return counts;
}

Json questions_to_json(const Summary& summary) {
  Json list = Json::array();
  for (const Answer& answer : summary.answers) {
    Json evidence = Json::array();
    for (const std::size_t index : answer.evidence) {
      const Row& row = summary.rows[index];
      evidence.push_back(
          {{"check", row.spec.name}, {"client", row.client}, {"status", to_string(row.status)}});
    }
    list.push_back({{"question", answer.question},
                    {"text", kQuestions[static_cast<std::size_t>(answer.question - 1)]},
                    {"answer", to_string(answer.kind)},
                    {"reason", answer.reason},
                    {"evidence", evidence}});
  }
  return list;
}

Json not_tested_to_json(const std::vector<NotTested>& entries) {
  Json list = Json::array();
  for (const NotTested& entry : entries) {
    list.push_back(
        {{"check", entry.spec.name}, {"clients", entry.clients}, {"reason", entry.reason}});
  }
  return list;
}

Json reasons_to_json(const Verdict& verdict) {
  Json list = Json::array();
  for (const Reason& reason : verdict.reasons) list.push_back(reason.text);
  return list;
}

Json charter_to_json(const Summary& summary) {
  if (summary.charter.empty()) return nullptr;
  Json gaps = Json::array();
  for (const auto& [gap, state, complaints] : summary.gaps) {
    gaps.push_back({{"id", gap.id},
                    {"state", to_string(state)},
                    {"reason", gap.reason},
                    {"owner", gap.owner},
                    {"expires", gap.expires}});
  }
  return {{"file", summary.charter}, {"gaps", gaps}};
}

Json problems_to_json(const std::vector<Problem>& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems) {
    list.push_back({{"file", problem.file.string()}, {"message", problem.message}});
  }
  return list;
}

Json run_ids_to_json(const std::vector<Run>& runs) {
  Json list = Json::array();
  for (const Run& run : runs) list.push_back(run.run_id);
  return list;
}

// What a summary says of its run as run.json does.
void copy_fields(std::initializer_list<const char*> names, const Json& from, Json& to) {
  for (const char* name : names) to[name] = from.at(name);
}

}  // namespace

Summary summarize(const Manifest& manifest, const Evidence& evidence,
                  const std::filesystem::path& out, const std::string& run_id,
                  const Charter& charter) {
  Summary summary;
  summary.run = merged_run(evidence);
  if (evidence.size() > 1) summary.run.run_id = run_id;
  summary.finished_at_ns = finished_at_ns(summary.run, evidence);
  for (const RunFolder& folder : evidence) {
    summary.runs.push_back(folder.run);
    for (const Problem& problem : folder.problems) {
      std::error_code ignored;
      summary.problems.push_back(
          {std::filesystem::proximate(problem.file, out, ignored), problem.message});
    }
  }
  const bool is_gate = summary.run.is_gate();
  summary.rows = make_rows(is_gate ? checks_beside(manifest, summary.run.stage, summary.run.only)
                                   : manifest_of(summary.run),
                           evidence, out);
  for (const RunFolder& folder : evidence) add_logs_of_run(folder, out, summary);
  if (is_gate && summary.run.target == "kafscale") {
    summary.charter = charter.file;
    summary.gaps = accept_gaps(charter, day_of(summary.runs), summary.rows);
  }
  summary.verdict = judge(summary.run, summary.rows, summary.problems, summary.gaps);
  summary.answers = answer_questions(summary.rows);
  summary.not_tested = list_not_tested(summary.rows);
  summary.matrices = make_matrices(summary.rows);
  const auto profiles = is_gate ? std::vector<Evidence>() : by_profile(evidence);
  for (std::size_t i = 0; profiles.size() > 1 && i < profiles.size(); ++i) {
    summary.profiles.push_back(summarize(manifest, profiles[i], out, run_id, charter));
  }
  return summary;
}

Json to_json(const Summary& summary) {
  const Run& run = summary.run;
  const Json run_json = to_json(run);
  const auto required = std::count_if(summary.rows.begin(), summary.rows.end(),
                                      [](const Row& row) { return row.required(); });
  Json json{{"schema_version", kSchemaVersion},
            {"run_id", run.run_id},
            {"verdict", to_string(summary.verdict.status)},
            {"decision", decision(run, summary.verdict.status)},
            {"notice", notice(run)},
            {"reasons", reasons_to_json(summary.verdict)}};
  copy_fields({"stage", "target", "kafscale_gate", "full_time", "interrupted"}, run_json, json);
  json["required"] = required;
  const bool is_gate = run.is_gate();
  json[is_gate ? "checks" : "check_results"] = checks_to_json(summary);
  json["counts"] = counts_to_json(summary);
  json["questions"] = questions_to_json(summary);
  json["charter"] = charter_to_json(summary);
  json["not_tested"] = not_tested_to_json(summary.not_tested);
  json["client_matrix"] = to_json(summary.matrices, summary.rows);
  json["problems"] = problems_to_json(summary.problems);
  json["runs"] = run_ids_to_json(summary.runs);
  copy_fields({"profile", "brokers", "clients", "broker", "started_at"}, run_json, json);
  json["finished_at"] = cli::format_rfc3339(summary.finished_at_ns);
  json["duration_ms"] = static_cast<double>(summary.finished_at_ns - run.started_at_ns) / 1e6;
  return is_gate ? json : with_scenarios(summary, std::move(json));
}

}  // namespace ks::report
