#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/report/evidence.h"
#include "lib/report/gaps.h"
#include "lib/report/rows.h"

namespace ks::report {

// Why a verdict is not a pass.
struct Reason {
  Status status = Status::kFail;
  std::string text;
  std::optional<std::size_t> row;  // the row it is about
};

// Never kSkip: what was skipped though it is required leaves too little evidence.
struct Verdict {
  Status status = Status::kInconclusive;
  std::vector<Reason> reasons;  // worst first; empty only for pass
};

// "offsets (wire) failed: 3 lost"
std::string sentence(const Row& row);

// Passes only if every required row passed, there is at least one, every result could be read, the
// run reached its end without a failure, and the broker is what the target says. A violation that
// was seen counts whether it was asked for or not, unless the charter accepts it; of the charter's
// gaps, none may have expired or be gone.
Verdict judge(const Run& run, const std::vector<Row>& rows, const std::vector<Problem>& problems,
              const std::vector<GapOutcome>& gaps = {});

enum class AnswerKind { kYes, kNo, kNotTested };
std::string_view to_string(AnswerKind kind);  // yes, no, not tested

// The answer to one of kQuestions.
struct Answer {
  int question = 0;  // from 1
  AnswerKind kind = AnswerKind::kNotTested;
  std::string reason;                 // empty only for yes
  std::vector<std::size_t> evidence;  // rows that ran
};

// Yes only if every check that answers it on this target ran and passed, in whatever stage.
std::vector<Answer> answer_questions(const std::vector<Row>& rows);

// A check that was not tested, and why; the clients that this concerns.
struct NotTested {
  CheckSpec spec;
  std::vector<std::string> clients;
  std::string reason;
};

std::vector<NotTested> list_not_tested(const std::vector<Row>& rows);

}  // namespace ks::report
