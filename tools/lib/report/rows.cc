#include "lib/report/rows.h"

#include <algorithm>
#include <map>

#include "lib/report/text.h"

namespace ks::report {
namespace {

namespace fs = std::filesystem;
using StepsByCheck = std::map<std::string, std::vector<const Step*>>;
using EndsByCheck = std::map<std::string, std::vector<const CheckEnd*>>;

constexpr const char* kNoClient = "none";

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

fs::path seen_from(const fs::path& out, const fs::path& file) {
  std::error_code ignored;
  return fs::proximate(file, out, ignored);
}

Requirement requirement_of(const CheckSpec& spec, const Run& run) {
  if (!spec.applies_to(run.target)) return Requirement::kExcluded;
  if (!spec.planned.empty()) return Requirement::kPlanned;
  if (!spec.on_demand.empty() && !contains(run.demanded, spec.name)) return Requirement::kOnDemand;
  if (spec.stage > run.stage) return Requirement::kLaterStage;
  return Requirement::kRequired;
}

// A tool may only pass what its own figures bear out.
Result judged_by_figures(Result result) {
  if (result.status != Status::kPass) return result;
  for (const Threshold& threshold : result.thresholds) {
    if (threshold.ok) continue;
    result.lower_to(Status::kFail, threshold.metric + " is not " + threshold.op + " " +
                                       format_number(threshold.limit));
  }
  for (const Anomaly& anomaly : result.anomalies) {
    if (anomaly.count <= anomaly.allowed) continue;
    result.lower_to(anomaly.type == "vacuous" ? Status::kInconclusive : Status::kFail,
                    violation_text(anomaly));
  }
  return result;
}

std::string reason_of(const Result& result, bool name_step) {
  if (result.status == Status::kPass) return "";
  const std::string reason = result.reason.empty() ? "no reason given" : result.reason;
  return one_line(name_step && !result.step.empty() ? result.step + ": " + reason : reason);
}

bool names_an_anomaly(const Step& step) {
  return std::ranges::any_of(step.result.anomalies,
                             [](const auto& anomaly) { return anomaly.count > anomaly.allowed; });
}

// What became of the data says more than which client met trouble.
void take_worst_step(Row& row) {
  row.status = Status::kPass;
  for (const Step& step : row.steps) row.status = worst(row.status, step.result.status);
  row.reason.clear();
  if (row.status == Status::kPass) return;
  const Step* first = nullptr;
  std::size_t count = 0;
  for (const Step& step : row.steps) {
    if (step.result.status != row.status) continue;
    ++count;
    if (first == nullptr || (names_an_anomaly(step) && !names_an_anomaly(*first))) first = &step;
  }
  row.reason = reason_of(first->result, row.steps.size() > 1);
  if (count > 1) row.reason += " (and " + std::to_string(count - 1) + " more)";
}

void lower(Row& row, Status to, const std::string& reason) {
  if (to <= row.status) return;
  row.status = to;
  row.reason = one_line(reason);
}

// Steps of one run may overlap, so their time is a span; runs are apart, so theirs add up.
double duration_ms(const std::vector<Step>& steps) {
  struct Span {
    double first = 0;
    double last = 0;
  };
  std::map<std::string, Span> spans;
  for (const Step& step : steps) {
    const double begin = static_cast<double>(step.result.started_at_ns) / 1e6;
    const double end = begin + step.result.duration_ms;
    const auto [at, fresh] = spans.try_emplace(step.result.run_id, Span{begin, end});
    if (!fresh) at->second = {std::min(at->second.first, begin), std::max(at->second.last, end)};
  }
  double total = 0;
  for (const auto& [run_id, span] : spans) total += span.last - span.first;
  return total;
}

// Logs are named CHECK.CLIENT.ANYTHING, or CHECK.ANYTHING where one serves all clients. Those of a
// step are with the step.
std::vector<fs::path> logs_of(const Row& row, const Evidence& evidence, const fs::path& out) {
  const auto is_of_step = [&](const fs::path& log) {
    return std::any_of(row.steps.begin(), row.steps.end(),
                       [&](const Step& step) { return step.file.stem() == log.stem(); });
  };
  const std::string of_check = row.spec.name + ".";
  const std::string of_client = of_check + row.client + ".";
  std::vector<fs::path> logs;
  for (const RunFolder& folder : evidence) {
    for (const fs::path& log : folder.logs) {
      const std::string name = log.filename().string();
      const bool shared = name == of_check + "log" || !row.spec.each_client;
      if (!name.starts_with(shared ? of_check : of_client) || is_of_step(log)) continue;
      logs.push_back(seen_from(out, log));
    }
  }
  return logs;
}

std::string reason_not_run(const Row& row, const Run& run) {
  switch (row.requirement) {
    case Requirement::kExcluded:
      return row.spec.excluded;
    case Requirement::kPlanned:
      return row.spec.planned;
    case Requirement::kOnDemand:
      return row.spec.on_demand;
    case Requirement::kLaterStage:
      return "part of the " + std::string(to_string(row.spec.stage)) + " stage; this run is of " +
             std::string(to_string(run.stage));
    case Requirement::kRequired:
    case Requirement::kEvidence:
    case Requirement::kUnlisted:
      break;
  }
  return "no result";
}

struct Builder {
  const Evidence& evidence;
  const fs::path& out;
  Run run;
  StepsByCheck steps;
  EndsByCheck ends;

  void take(const Step& step, Row& row) const {
    Step copy = step;
    copy.result = judged_by_figures(std::move(copy.result));
    copy.file = seen_from(out, copy.file);
    for (fs::path& file : copy.attachments) file = seen_from(out, file);
    row.steps.push_back(std::move(copy));
  }

  // The clients that the check is judged for, then those that are evidence.
  std::vector<std::string> clients_of(const CheckSpec& spec) const {
    std::vector<std::string> clients = spec.clients_of(run.clients);
    for (const std::string& other : spec.others) {
      if (!contains(clients, other)) clients.push_back(other);
    }
    return clients;
  }

  // What the ends of the check add in each run; a step without one is of a check that died.
  void judge_ends(Row& row) const {
    const bool all_clients = !row.spec.each_client && row.requirement != Requirement::kUnlisted;
    if (const auto found = ends.find(row.spec.name); found != ends.end()) {
      for (const CheckEnd* end : found->second) {
        if (!all_clients && end->client != row.client) continue;
        row.ran = true;
        if (end->status != Status::kPass) row.beyond_steps.push_back({end->status, end->reason});
      }
    }
    for (const Step& step : row.steps) {
      if (!step.is_covered) row.beyond_steps.push_back({Status::kError, kNoEnd});
    }
    for (const Trouble& trouble : row.beyond_steps) lower(row, trouble.status, trouble.reason);
  }

  // Fills status and reason from the steps that the row has by now.
  void judge(Row& row) const {
    const bool own = std::any_of(row.steps.begin(), row.steps.end(), [&](const Step& step) {
      return !row.spec.each_client || step.result.client == row.client;
    });
    row.ran = !row.steps.empty();
    row.logs = logs_of(row, evidence, out);
    row.duration_ms = duration_ms(row.steps);
    take_worst_step(row);
    judge_ends(row);
    const bool is_plan = row.requirement == Requirement::kPlanned;
    if (row.ran && row.status == Status::kPass && (!own || is_plan)) {
      row.status = Status::kInconclusive;
      row.reason = is_plan ? row.spec.planned : "no result of client " + row.client;
    }
    if (row.ran) return;
    row.status = row.required() ? Status::kInconclusive : Status::kSkip;
    row.reason = reason_not_run(row, run);
  }

  Row listed(const CheckSpec& spec, const std::string& client) const {
    Row row;
    row.spec = spec;
    row.client = client;
    row.requirement = requirement_of(spec, run);
    const bool is_judged = contains(spec.clients_of(run.clients), client);
    if (row.required() && !is_judged) row.requirement = Requirement::kEvidence;
    if (const auto found = steps.find(spec.name); found != steps.end()) {
      for (const Step* step : found->second) {
        const std::string& of = step->client;
        if (!spec.each_client || of == client || of == kNoClient) take(*step, row);
      }
    }
    judge(row);
    return row;
  }

  // What `spec` does not ask for: every step of a check that is not listed, and the clients that
  // are not the run's; evidence where it has others, too.
  void add_unlisted(const CheckSpec& spec, bool check_is_listed, std::vector<Row>& rows) const {
    std::map<std::string, Row> by_client;
    for (const Step* step : steps.at(spec.name)) {
      const std::string& client = step->client;
      const bool asked = check_is_listed && (!spec.each_client || client == kNoClient ||
                                             contains(clients_of(spec), client));
      if (asked) continue;
      Row& row = by_client[client];
      row.spec = spec;
      row.client = client;
      row.requirement = spec.others.empty() ? Requirement::kUnlisted : Requirement::kEvidence;
      if (row.spec.title.empty()) row.spec.title = step->result.title;
      take(*step, row);
    }
    for (auto& [client, row] : by_client) {
      judge(row);
      rows.push_back(std::move(row));
    }
  }
};

StepsByCheck steps_by_check(const Evidence& evidence) {
  StepsByCheck steps;
  for (const RunFolder& folder : evidence) {
    for (const Step& step : folder.steps) steps[step.result.check].push_back(&step);
  }
  return steps;
}

EndsByCheck ends_by_check(const Evidence& evidence) {
  EndsByCheck ends;
  for (const RunFolder& folder : evidence) {
    for (const CheckEnd& end : folder.ends) ends[end.check].push_back(&end);
  }
  return ends;
}

}  // namespace

bool is_part_of(const Row& row, const Run& run) {
  if (row.ran || row.required()) return true;
  return row.requirement == Requirement::kExcluded && row.spec.stage <= run.stage;
}

bool counts(const Row& row) { return row.requirement != Requirement::kEvidence; }

std::string_view status_word(Status status) {
  switch (status) {
    case Status::kPass:
      return "passed";
    case Status::kSkip:
      return "skipped";
    case Status::kInconclusive:
      return "inconclusive";
    case Status::kError:
      return "error";
    case Status::kFail:
      break;
  }
  return "failed";
}

std::string_view status_word(const Row& row) {
  if (!row.accepted.empty()) return "failed, accepted";
  if (row.ran) return status_word(row.status);
  switch (row.requirement) {
    case Requirement::kExcluded:
      return "not required";
    case Requirement::kPlanned:
    case Requirement::kOnDemand:
      return "not tested";
    default:
      return "not run";
  }
}

std::string row_name(const Row& row) {
  return row.client == kNoClient ? row.spec.name : row.spec.name + " (" + row.client + ")";
}

std::vector<Row> make_rows(const Manifest& manifest, const Evidence& evidence,
                           const fs::path& out) {
  const Builder builder{evidence, out, merged_run(evidence), steps_by_check(evidence),
                        ends_by_check(evidence)};
  std::vector<Row> rows;
  for (const Stage stage : stages_beside(builder.run.stage)) {
    for (const CheckSpec& spec : manifest) {
      if (spec.stage != stage) continue;
      for (const std::string& client : builder.clients_of(spec))
        rows.push_back(builder.listed(spec, client));
    }
  }
  std::map<std::string, const CheckSpec*> listed;
  for (const CheckSpec& spec : manifest) listed.emplace(spec.name, &spec);
  for (const auto& [check, steps] : builder.steps) {
    const auto found = listed.find(check);
    CheckSpec unknown;
    unknown.name = check;
    unknown.stage = builder.run.stage;
    const bool is_listed = found != listed.end();
    builder.add_unlisted(is_listed ? *found->second : unknown, is_listed, rows);
  }
  return rows;
}

}  // namespace ks::report
