#include "lib/report/verdict.h"

#include <algorithm>

#include "lib/report/questions.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

std::string what_happened(const Row& row) {
  if (!row.ran) return "did not run";
  switch (row.status) {
    case Status::kFail:
      return "failed";
    case Status::kError:
      return "could not run";
    case Status::kSkip:
      return "was skipped";
    default:
      return "is inconclusive";
  }
}

// What a row takes from the verdict; pass where it takes nothing.
Status effect_of(const Row& row) {
  if (!counts(row) || !row.accepted.empty()) return Status::kPass;
  if (row.required()) return row.status == Status::kSkip ? Status::kInconclusive : row.status;
  return row.ran && row.status == Status::kFail ? Status::kFail : Status::kPass;
}

void add_reasons_of_run(const Run& run, const std::vector<Row>& rows,
                        std::vector<Reason>& reasons) {
  const auto inconclusive = [&](const std::string& text) {
    reasons.push_back({Status::kInconclusive, text, std::nullopt});
  };
  if (!run.ended) inconclusive("the run did not reach its end");
  if (!run.interrupted.empty()) inconclusive("the run was interrupted: " + run.interrupted);
  if (std::ranges::none_of(rows, &Row::required)) inconclusive("no check is required of this run");
  const bool is_gate = run.is_gate();
  if (is_gate && run.target == "kafscale" && !run.kafscale_gate) {
    inconclusive("the broker was not identified as a KafScale");
  }
  // An accepted failure is a failure to what ran the checks.
  const bool is_explained = !reasons.empty() || std::ranges::any_of(rows, [](const Row& row) {
    return !row.accepted.empty();
  });
  if (!run.failure.empty() && !is_explained) {
    reasons.push_back({Status::kError, run.failure + ", and no result says why", std::nullopt});
  }
}

void add_reasons_of_charter(const std::vector<GapOutcome>& gaps, std::vector<Reason>& reasons) {
  for (const GapOutcome& gap : gaps) {
    for (const std::string& complaint : gap.complaints) {
      reasons.push_back({Status::kFail, complaint, std::nullopt});
    }
  }
}

bool answers(const Row& row, int question) {
  const auto& questions = row.spec.questions;
  return std::find(questions.begin(), questions.end(), question) != questions.end();
}

// "a: reason; b: reason; and 2 more"
std::string list_reasons(const std::vector<const Row*>& rows) {
  constexpr std::size_t kMostShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(rows.size(), kMostShown); ++i) {
    text += (i == 0 ? "" : "; ") + row_name(*rows[i]) + ": " + rows[i]->reason;
    if (!rows[i]->accepted.empty()) text += " (accepted: " + joined(rows[i]->accepted) + ")";
  }
  if (rows.size() > kMostShown) {
    text += "; and " + std::to_string(rows.size() - kMostShown) + " more";
  }
  return text;
}

struct AnsweringRows {
  std::vector<const Row*> failed;
  std::vector<const Row*> open;  // asked of the target, but not passed
  std::vector<const Row*> excluded;
  bool passed = false;
};

void sort_in(const Row& row, AnsweringRows& rows) {
  if (row.ran && row.status == Status::kFail) {
    rows.failed.push_back(&row);
  } else if (row.status == Status::kPass) {
    rows.passed = true;
  } else if (row.requirement == Requirement::kExcluded) {
    rows.excluded.push_back(&row);
  } else if (row.requirement != Requirement::kUnlisted) {
    rows.open.push_back(&row);
  }
}

Answer answer(int question, const std::vector<Row>& rows) {
  Answer out;
  out.question = question;
  AnsweringRows answering;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!counts(rows[i]) || !answers(rows[i], question)) continue;
    if (rows[i].ran) out.evidence.push_back(i);
    sort_in(rows[i], answering);
  }
  if (!answering.failed.empty()) {
    out.kind = AnswerKind::kNo;
    out.reason = list_reasons(answering.failed);
  } else if (!answering.open.empty()) {
    out.reason = list_reasons(answering.open);
  } else if (answering.passed) {
    out.kind = AnswerKind::kYes;
  } else {
    out.reason =
        answering.excluded.empty() ? "no check answers it" : list_reasons(answering.excluded);
  }
  return out;
}

}  // namespace

std::string sentence(const Row& row) {
  return row_name(row) + " " + what_happened(row) + (row.reason.empty() ? "" : ": " + row.reason);
}

Verdict judge(const Run& run, const std::vector<Row>& rows, const std::vector<Problem>& problems,
              const std::vector<GapOutcome>& gaps) {
  Verdict verdict;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Status effect = effect_of(rows[i]);
    if (effect != Status::kPass) verdict.reasons.push_back({effect, sentence(rows[i]), i});
  }
  for (const Problem& problem : problems) {
    verdict.reasons.push_back({Status::kError,
                               "cannot use " + problem.file.string() + ": " + problem.message,
                               std::nullopt});
  }
  add_reasons_of_charter(gaps, verdict.reasons);
  add_reasons_of_run(run, rows, verdict.reasons);
  std::stable_sort(verdict.reasons.begin(), verdict.reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.status > b.status; });
  verdict.status = verdict.reasons.empty() ? Status::kPass : verdict.reasons.front().status;
  return verdict;
}

std::string_view to_string(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::kYes:
      return "yes";
    case AnswerKind::kNo:
      return "no";
    case AnswerKind::kNotTested:
      break;
  }
  return "not tested";
}

std::vector<Answer> answer_questions(const std::vector<Row>& rows) {
  std::vector<Answer> out;
  for (int question = 1; question <= kQuestionCount; ++question) {
    out.push_back(answer(question, rows));
  }
  return out;
}

std::vector<NotTested> list_not_tested(const std::vector<Row>& rows) {
  std::vector<NotTested> out;
  for (const Row& row : rows) {
    if (row.ran && row.status != Status::kSkip) continue;
    const bool same =
        !out.empty() && out.back().spec.name == row.spec.name && out.back().reason == row.reason;
    if (same) {
      out.back().clients.push_back(row.client);
    } else {
      out.push_back({row.spec, {row.client}, row.reason});
    }
  }
  return out;
}

}  // namespace ks::report
