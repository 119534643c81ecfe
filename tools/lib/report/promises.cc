#include "lib/report/promises.h"

#include <algorithm>
#include <optional>

#include "lib/report/text.h"
#include "lib/report/verdict.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

// What one piece of evidence says.
struct Opinion {
  PromiseState state = PromiseState::kKept;
  std::string reason;
};

// Whether the run had to judge the check on this client. What nobody asked for shows nothing of a
// promise that names no client.
bool is_asked(const Row& row) {
  switch (row.requirement) {
    case Requirement::kRequired:
    case Requirement::kExcluded:
    case Requirement::kLaterStage:
    case Requirement::kPlanned:
    case Requirement::kOnDemand:
      return true;
    default:
      return false;
  }
}

// What a check that judges many APIs says of one of them; nothing where it does not tell.
std::optional<bool> offers(const Row& row, const PromisedApi& api) {
  std::optional<bool> offered;
  for (const Step& step : row.steps) {
    for (const Threshold& threshold : step.result.thresholds) {
      if (threshold.metric != missing_versions_metric(api)) continue;
      offered = offered.value_or(true) && threshold.ok;
    }
  }
  return offered;
}

Opinion opinion_of(const Row& row, const Promise& promise) {
  const std::string said = sentence(row);
  if (!row.ran) return {PromiseState::kNotTested, said};
  if (row.status == Status::kPass) return {};
  if (row.status != Status::kFail) return {PromiseState::kNotTested, said};
  if (promise.api && offers(row, *promise.api) == true) return {};
  if (row.accepted.empty()) return {PromiseState::kBroken, said};
  return {PromiseState::kAccepted, said + ", " + row.accepted_why};
}

// The rows that a piece of evidence names.
std::vector<std::size_t> rows_of(const CheckRef& ref, const std::vector<Row>& rows) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!ref.is_of(rows[i].spec.name, rows[i].client)) continue;
    if (!ref.client.empty() || is_asked(rows[i])) out.push_back(i);
  }
  return out;
}

class Judge {
 public:
  Judge(const Promise& promise, const std::vector<Row>& rows) : rows_(rows) {
    out_.promise = promise;
    out_.state = PromiseState::kKept;
    for (const CheckRef& ref : promise.evidence) hear(ref);
  }

  PromiseOutcome outcome() { return std::move(out_); }

 private:
  void hear(const CheckRef& ref) {
    const auto indexes = rows_of(ref, rows_);
    if (indexes.empty()) weigh({PromiseState::kNotTested, to_string(ref) + " is not of this run"});
    for (const std::size_t index : indexes) {
      const Row& row = rows_[index];
      const Opinion opinion = opinion_of(row, out_.promise);
      if (opinion.state == PromiseState::kAccepted) add_missing(row.accepted);
      out_.rows.push_back(index);
      weigh(opinion);
    }
  }

  void add_missing(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      if (std::ranges::find(out_.accepted, id) == out_.accepted.end()) out_.accepted.push_back(id);
    }
  }

  // The first reason of the worst state stays.
  void weigh(const Opinion& opinion) {
    if (opinion.state <= out_.state) return;
    out_.state = opinion.state;
    out_.reason = one_line(opinion.reason);
  }

  const std::vector<Row>& rows_;
  PromiseOutcome out_;
};

// Why the run tells nothing of a KafScale; empty: it does.
std::string why_nothing(const Run& run) {
  if (run.target != "kafscale") return "the run is of an Apache Kafka, the promise KafScale's";
  return run.kafscale_gate ? "" : "the broker was not identified as a KafScale";
}

Json evidence_to_json(const PromiseOutcome& outcome, const Summary& summary) {
  Json list = Json::array();
  for (const std::size_t index : outcome.rows) {
    const Row& row = summary.rows[index];
    list.push_back({{"check", row.spec.name},
                    {"client", row.client},
                    {"status", to_string(row.status)},
                    {"ran", row.ran},
                    {"accepted", row.accepted.empty() ? Json() : Json(joined(row.accepted))}});
  }
  return list;
}

Json promise_to_json(const PromiseOutcome& outcome, const Summary& summary) {
  const auto& api = outcome.promise.api;
  return {{"id", outcome.promise.id},
          {"promise", outcome.promise.text},
          {"api", api ? Json(api->name) : Json()},
          {"versions", api ? Json(api->versions.text()) : Json()},
          {"state", to_string(outcome.state)},
          {"accepted", outcome.accepted.empty() ? Json() : Json(joined(outcome.accepted))},
          {"reason", outcome.reason},
          {"evidence", evidence_to_json(outcome, summary)}};
}

}  // namespace

std::string_view to_string(PromiseState state) {
  switch (state) {
    case PromiseState::kKept:
      return "kept";
    case PromiseState::kAccepted:
      return "accepted";
    case PromiseState::kBroken:
      return "broken";
    case PromiseState::kNotTested:
      break;
  }
  return "not tested";
}

std::string missing_versions_metric(const PromisedApi& api) {
  return "missing_versions_" + api.name;
}

std::vector<PromiseOutcome> judge_promises(const Charter& charter, const Summary& summary) {
  const std::string nothing = why_nothing(summary.run);
  std::vector<PromiseOutcome> out;
  for (const Promise& promise : charter.promises) {
    if (nothing.empty()) {
      out.push_back(Judge(promise, summary.rows).outcome());
    } else {
      out.push_back({promise, PromiseState::kNotTested, {}, nothing, {}});
    }
  }
  return out;
}

cli::ExitStatus exit_status(const std::vector<PromiseOutcome>& outcomes) {
  // Nothing promised, nothing shown.
  PromiseState worst = outcomes.empty() ? PromiseState::kNotTested : PromiseState::kKept;
  for (const PromiseOutcome& outcome : outcomes) worst = std::max(worst, outcome.state);
  if (worst == PromiseState::kBroken) return cli::ExitStatus::kViolated;
  return worst == PromiseState::kNotTested ? cli::ExitStatus::kInconclusive
                                           : cli::ExitStatus::kPassed;
}

Json to_json(const std::vector<PromiseOutcome>& outcomes, const Summary& summary,
             const Charter& charter) {
  Json promises = Json::array();
  Json counts{{"kept", 0}, {"broken", 0}, {"accepted", 0}, {"not tested", 0}};
  for (const PromiseOutcome& outcome : outcomes) {
    promises.push_back(promise_to_json(outcome, summary));
    Json& count = counts[std::string(to_string(outcome.state))];
    count = count.get<int>() + 1;
  }
  return {{"schema_version", kSchemaVersion},
          {"run_id", summary.run.run_id},
          {"target", summary.run.target},
          {"charter", charter.file},
          {"counts", counts},
          {"promises", promises}};
}

}  // namespace ks::report
