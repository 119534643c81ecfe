#include "lib/report/gaps.h"

#include <algorithm>
#include <set>

#include "lib/report/check_end.h"
#include "lib/report/pattern.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

// One thing that a failed step says is violated. A step stops at its first reason, but its figures
// may tell of others, and no gap may hide those.
struct Failure {
  std::string step;
  std::string text;
};

void add_failures(const Step& step, std::vector<Failure>& out) {
  const Result& result = step.result;
  out.push_back({result.step, result.reason});
  for (const Threshold& threshold : result.thresholds) {
    if (!threshold.ok) out.push_back({result.step, violation_text(threshold)});
  }
  for (const Anomaly& anomaly : result.anomalies) {
    if (anomaly.count > anomaly.allowed) out.push_back({result.step, violation_text(anomaly)});
  }
  for (const Finding& finding : result.findings) {
    if (finding.severity != "violation") continue;
    out.push_back({result.step, finding.summary + ": " + finding.evidence});
  }
}

std::vector<Failure> failures_of(const Row& row) {
  std::vector<Failure> out;
  for (const Step& step : row.steps) {
    if (step.result.status == Status::kFail) add_failures(step, out);
  }
  for (const Trouble& trouble : row.beyond_steps) {
    if (trouble.status == Status::kFail) out.push_back({kEndStep, trouble.reason});
  }
  return out;
}

// What is wrong with the row that can never be accepted; empty: nothing.
std::string unacceptable(const Row& row) {
  for (const Step& step : row.steps) {
    if (step.result.status == Status::kPass || step.result.status == Status::kFail) continue;
    return step.result.step + ": " + step.result.reason;
  }
  for (const Trouble& trouble : row.beyond_steps) {
    if (trouble.status != Status::kFail) return trouble.reason;
  }
  return "";
}

bool covers(const Coverage& coverage, const Failure& failure) {
  return (coverage.step.empty() || coverage.step == failure.step) &&
         (coverage.pattern.empty() || matches(coverage.pattern, failure.text));
}

bool covers(const Gap& gap, const Row& row, const Failure& failure) {
  return std::ranges::any_of(gap.covers, [&](const Coverage& coverage) {
    return coverage.of.is_of(row.spec.name, row.client) && covers(coverage, failure);
  });
}

// Gaps in the order of the charter, each once.
using Accepting = std::vector<const Gap*>;

std::vector<std::string> ids_of(const Accepting& gaps) {
  std::vector<std::string> out;
  for (const Gap* gap : gaps) out.push_back(gap->id);
  return out;
}

std::string why(const Accepting& gaps) {
  std::string out;
  for (const Gap* gap : gaps) {
    out += (out.empty() ? "" : "; ") + ("accepted until " + gap->expires) + " as " + gap->id +
           ", " + gap->owner + ": " + gap->reason;
  }
  return one_line(out);
}

void accept(const std::vector<const Gap*>& live, Row& row) {
  const std::vector<Failure> failures = failures_of(row);
  Accepting accepting;
  std::string left = unacceptable(row);
  for (const Failure& failure : failures) {
    bool is_covered = false;
    for (const Gap* gap : live) {
      if (!covers(*gap, row, failure)) continue;
      is_covered = true;
      if (std::ranges::find(accepting, gap) == accepting.end()) accepting.push_back(gap);
    }
    if (!is_covered && left.empty()) left = failure.step + ": " + failure.text;
  }
  if (accepting.empty()) return;
  if (left.empty()) {
    row.accepted = ids_of(accepting);
    row.accepted_why = why(accepting);
  } else {
    row.reason = one_line(left + " (besides accepted gap " + joined(ids_of(accepting)) + ")");
  }
}

bool has_step(const Row& row, const std::string& name) {
  return std::ranges::any_of(row.steps, [&](const Step& step) { return step.result.step == name; });
}

// Whether the row tells that what is covered occurs no more. A check that failed before it came to
// the step, or that could not run, tells nothing; nor does, for a gap of all clients, one that the
// run is not judged for.
bool is_gone(const Coverage& coverage, const Row& row) {
  if (!row.ran || !coverage.of.is_of(row.spec.name, row.client)) return false;
  if (coverage.of.client.empty() && !row.required()) return false;
  if (row.status == Status::kPass) return true;
  if (row.status != Status::kFail) return false;
  if (!coverage.step.empty() && !has_step(row, coverage.step)) return false;
  return std::ranges::none_of(failures_of(row),
                              [&](const Failure& failure) { return covers(coverage, failure); });
}

bool occurs(const Gap& gap, const Row& row) {
  if (!row.ran || row.status != Status::kFail) return false;
  return std::ranges::any_of(failures_of(row),
                             [&](const Failure& failure) { return covers(gap, row, failure); });
}

bool is_accepting(const Gap& gap, const Row& row) {
  return !row.accepted.empty() && occurs(gap, row);
}

void add_gone(const std::vector<Row>& rows, GapOutcome& outcome) {
  for (const Row& row : rows) {
    for (const Coverage& coverage : outcome.gap.covers) {
      if (!is_gone(coverage, row)) continue;
      outcome.state = GapState::kGone;
      outcome.complaints.push_back("accepted gap " + outcome.gap.id + " no longer occurs in " +
                                   row_name(row) + ": remove it from the charter");
    }
  }
}

GapOutcome outcome_of(const Gap& gap, bool has_expired, const std::vector<Row>& rows) {
  GapOutcome outcome{gap, GapState::kNotSeen, {}};
  if (has_expired) {
    outcome.state = GapState::kExpired;
    outcome.complaints.push_back("accepted gap " + gap.id + " expired on " + gap.expires);
    return outcome;
  }
  const auto in_any = [&](const auto& is_so) {
    return std::ranges::any_of(rows, [&](const Row& row) { return is_so(gap, row); });
  };
  if (in_any(is_accepting)) {
    outcome.state = GapState::kAccepted;
  } else if (in_any(occurs)) {
    outcome.state = GapState::kOccurs;
  }
  add_gone(rows, outcome);
  return outcome;
}

}  // namespace

std::string_view to_string(GapState state) {
  switch (state) {
    case GapState::kAccepted:
      return "accepted";
    case GapState::kOccurs:
      return "not alone";
    case GapState::kGone:
      return "no longer occurs";
    case GapState::kExpired:
      return "expired";
    case GapState::kNotSeen:
      break;
  }
  return "not tested";
}

std::vector<GapOutcome> accept_gaps(const Charter& charter, const std::string& today,
                                    std::vector<Row>& rows) {
  // Dates of one length: their order is that of their texts.
  const auto has_expired = [&](const Gap& gap) { return gap.expires < today; };
  std::vector<const Gap*> live;
  for (const Gap& gap : charter.gaps) {
    if (!has_expired(gap)) live.push_back(&gap);
  }
  for (Row& row : rows) {
    if (row.ran && row.status == Status::kFail) accept(live, row);
  }
  std::vector<GapOutcome> outcomes;
  for (const Gap& gap : charter.gaps) outcomes.push_back(outcome_of(gap, has_expired(gap), rows));
  return outcomes;
}

}  // namespace ks::report
