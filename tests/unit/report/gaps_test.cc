#include "lib/report/gaps.h"

#include <gtest/gtest.h>

#include "builders.h"
#include "lib/report/check_end.h"
#include "lib/report/summary.h"

namespace ks::report {
namespace {

constexpr const char* kGone =
    "accepted gap a-gap no longer occurs in offsets (librdkafka): remove it from the charter";

Gap gap_of(Coverage coverage, const std::string& expires = "2026-12-31") {
  return {"a-gap", {std::move(coverage)}, "known", "team", expires};
}
Coverage covering(const std::string& step = "", const std::string& pattern = "",
                  const std::string& client = "librdkafka") {
  return {{"offsets", client}, step, pattern};
}

Step commit_fails(const std::string& reason = "ILLEGAL_GENERATION") {
  return step("offsets", Status::kFail, reason, "librdkafka", "commit");
}
Step failing(const std::string& name, const std::string& reason) {
  return step("offsets", Status::kFail, reason, "librdkafka", name);
}
Step with_threshold(Step of, bool ok) {
  of.result.thresholds = {{"lost", "==", 0, 3, ok}};
  return of;
}
Step with_anomaly(Step of, std::uint64_t count) {
  of.result.anomalies = {{"duplicate", count, 0, {}}};
  return of;
}
Step with_violation(Step of, const char* severity) {
  of.result.findings = {{"malformed-response", severity, "no schema", "Fetch v11"}};
  return of;
}
Step killed(Step of) {
  of.is_covered = false;
  return of;
}

Summary judged(const Gap& gap, std::vector<Step> steps, const std::string& target = "kafscale",
               std::vector<CheckEnd> ends = {}) {
  Charter charter;
  charter.file = "charter.yaml";
  charter.gaps = {gap};
  Evidence evidence = evidence_of(run_of(target), std::move(steps));
  evidence[0].ends = std::move(ends);
  return summarize({check("offsets")}, evidence, "run", "report", charter);
}

struct Case {
  const char* name;
  Gap gap;
  std::vector<Step> steps;
  Status verdict;
  GapState state;
  const char* reason;  // the verdict's first; empty: none
};

std::vector<Case> cases() {
  const Step fails = commit_fails();
  const Gap any = gap_of(covering());
  const Gap by_text = gap_of(covering("commit", "ILLEGAL|STALE"));
  return {
      {"accepted", any, {fails}, Status::kPass, GapState::kAccepted, ""},
      {"of this step and text", by_text, {fails}, Status::kPass, GapState::kAccepted, ""},
      {"of all clients",
       gap_of(covering("", "", "")),
       {fails},
       Status::kPass,
       GapState::kAccepted,
       ""},
      {"on its last day",
       gap_of(covering(), "2026-01-31"),
       {fails},
       Status::kPass,
       GapState::kAccepted,
       ""},
      {"expired",
       gap_of(covering(), "2026-01-30"),
       {fails},
       Status::kFail,
       GapState::kExpired,
       "offsets (librdkafka) failed: ILLEGAL_GENERATION"},
      {"expired, though all passed",
       gap_of(covering(), "2026-01-30"),
       {step("offsets", Status::kPass)},
       Status::kFail,
       GapState::kExpired,
       "accepted gap a-gap expired on 2026-01-30"},
      {"another text",
       gap_of(covering("commit", "FENCED")),
       {fails},
       Status::kFail,
       GapState::kGone,
       "offsets (librdkafka) failed: ILLEGAL_GENERATION"},
      {"another step",
       gap_of(covering("fetch")),
       {fails},
       Status::kFail,
       GapState::kNotSeen,
       "offsets (librdkafka) failed: ILLEGAL_GENERATION"},
      {"another client",
       gap_of(covering("", "", "wire")),
       {fails},
       Status::kFail,
       GapState::kNotSeen,
       "offsets (librdkafka) failed: ILLEGAL_GENERATION"},
      {"no longer", any, {step("offsets", Status::kPass)}, Status::kFail, GapState::kGone, kGone},
      {"no longer, and the step is gone",
       gap_of(covering("fetch")),
       {step("offsets", Status::kPass)},
       Status::kFail,
       GapState::kGone,
       kGone},
      {"not run",
       any,
       {},
       Status::kInconclusive,
       GapState::kNotSeen,
       "offsets (librdkafka) did not run: no result"},
      {"error is never accepted",
       any,
       {step("offsets", Status::kError, "no broker")},
       Status::kError,
       GapState::kNotSeen,
       "offsets (librdkafka) could not run: no broker"},
      {"inconclusive is never accepted",
       any,
       {step("offsets", Status::kInconclusive, "no data")},
       Status::kInconclusive,
       GapState::kNotSeen,
       "offsets (librdkafka) is inconclusive: no data"},
      {"skip is never accepted",
       any,
       {step("offsets", Status::kSkip, "no topic")},
       Status::kInconclusive,
       GapState::kNotSeen,
       "offsets (librdkafka) was skipped: no topic"},
      {"beside another failure",
       by_text,
       {fails, failing("verify", "3 lost")},
       Status::kFail,
       GapState::kOccurs,
       "offsets (librdkafka) failed: verify: 3 lost (besides accepted gap a-gap)"},
      {"beside an error",
       by_text,
       {fails, step("offsets", Status::kError, "no", "librdkafka", "x")},
       Status::kFail,
       GapState::kOccurs,
       "offsets (librdkafka) failed: x: no (besides accepted gap a-gap)"},
      {"of a check that was killed",
       any,
       {killed(fails)},
       Status::kFail,
       GapState::kOccurs,
       "offsets (librdkafka) failed: it did not reach its end: killed, or still running (besides "
       "accepted gap a-gap)"},
      {"a threshold of the step",
       by_text,
       {with_threshold(fails, false)},
       Status::kFail,
       GapState::kOccurs,
       "offsets (librdkafka) failed: commit: expected lost == 0, observed 3 (besides accepted gap "
       "a-gap)"},
      {"a threshold that holds",
       by_text,
       {with_threshold(fails, true)},
       Status::kPass,
       GapState::kAccepted,
       ""},
      {"an anomaly of the step",
       by_text,
       {with_anomaly(fails, 2)},
       Status::kFail,
       GapState::kOccurs,
       "offsets (librdkafka) failed: commit: 2 duplicate, 0 allowed (besides accepted gap a-gap)"},
      {"an anomaly that is allowed",
       by_text,
       {with_anomaly(fails, 0)},
       Status::kPass,
       GapState::kAccepted,
       ""},
      {"a violation of the step",
       by_text,
       {with_violation(fails, "violation")},
       Status::kFail,
       GapState::kOccurs,
       "offsets (librdkafka) failed: commit: no schema: Fetch v11 (besides accepted gap a-gap)"},
      {"a warning of the step",
       by_text,
       {with_violation(fails, "warning")},
       Status::kPass,
       GapState::kAccepted,
       ""},
  };
}

TEST(Gaps, FollowEachRule) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    const Summary summary = judged(c.gap, c.steps);
    EXPECT_EQ(summary.verdict.status, c.verdict);
    ASSERT_EQ(summary.gaps.size(), 1u);
    EXPECT_EQ(summary.gaps[0].state, c.state) << to_string(summary.gaps[0].state);
    const auto& reasons = summary.verdict.reasons;
    EXPECT_EQ(reasons.empty() ? "" : reasons[0].text, c.reason);
    const bool is_accepted = c.state == GapState::kAccepted;
    EXPECT_EQ(!summary.rows[0].accepted.empty(), is_accepted);
    EXPECT_EQ(summary.rows[0].accepted_why,
              is_accepted ? "accepted until " + c.gap.expires + " as a-gap, team: known" : "");
    if (is_accepted) {
      EXPECT_EQ(summary.rows[0].status, Status::kFail);
    }
  }
}

TEST(Gaps, AnApacheKafkaHasNone) {
  for (const char* expires : {"2026-12-31", "2020-01-01"}) {
    const Summary summary = judged(gap_of(covering(), expires), {commit_fails()}, "kafka");
    EXPECT_EQ(summary.verdict.status, Status::kFail);
    EXPECT_EQ(summary.verdict.reasons.size(), 1u);
    EXPECT_TRUE(summary.gaps.empty());
    EXPECT_EQ(summary.charter, "");
  }
}

TEST(Gaps, TogetherCoverWhatFails) {
  Charter charter;
  charter.gaps = {gap_of(covering("commit")), gap_of(covering("verify"))};
  charter.gaps[1].id = "another";
  const auto summary =
      summarize({check("offsets")},
                evidence_of(run_of("kafscale"), {commit_fails(), failing("verify", "3 lost")}),
                "run", "report", charter);
  EXPECT_EQ(summary.verdict.status, Status::kPass);
  EXPECT_EQ(summary.rows[0].accepted, (std::vector<std::string>{"a-gap", "another"}));
}

TEST(Gaps, OfAllClientsHaveToOccurWithEach) {
  auto run = run_of("kafscale");
  run.clients = {"librdkafka", "wire"};
  Charter charter;
  charter.gaps = {gap_of(covering("", "", ""))};
  const auto summary =
      summarize({check("offsets")},
                evidence_of(run, {commit_fails(), step("offsets", Status::kPass, "", "wire")}),
                "run", "report", charter);
  ASSERT_EQ(summary.verdict.reasons.size(), 1u);
  EXPECT_EQ(summary.verdict.reasons[0].text,
            "accepted gap a-gap no longer occurs in offsets (wire): remove it from the charter");
}

// What no step explains is a failure of the check's end; other statuses are none.
TEST(Gaps, AnEndThatNoStepExplains) {
  const auto with_end = [](Status status, const Gap& gap) {
    return judged(gap, {commit_fails()}, "kafscale",
                  {{"offsets", "librdkafka", status, "no step says why"}});
  };
  EXPECT_EQ(with_end(Status::kFail, gap_of(covering())).verdict.status, Status::kPass);
  EXPECT_EQ(with_end(Status::kFail, gap_of(covering("commit"))).verdict.status, Status::kFail);
  EXPECT_EQ(with_end(Status::kInconclusive, gap_of(covering())).verdict.status, Status::kFail);
}

TEST(Gaps, AnAcceptedFailureExplainsThatOfTheRun) {
  Evidence evidence = evidence_of(run_of("kafscale"), {commit_fails()});
  evidence[0].run.failure = "CTest ended with status 8";
  Charter charter;
  charter.gaps = {gap_of(covering())};
  EXPECT_EQ(summarize({check("offsets")}, evidence, "run", "report", charter).verdict.status,
            Status::kPass);
}

// Judged again later, a gap is what it was on the day of the run; of several runs, the last.
TEST(Gaps, ExpireByTheDayOfTheLastRun) {
  Evidence evidence = evidence_of(run_of("kafscale"), {commit_fails()});
  evidence.push_back(evidence[0]);
  evidence[1].run.run_id = "run-2";
  Charter charter;
  charter.gaps = {gap_of(covering(), "2026-01-31")};
  const auto verdict = [&] {
    return summarize({check("offsets")}, evidence, "run", "report", charter).verdict.status;
  };
  EXPECT_EQ(verdict(), Status::kPass);
  evidence[1].run.started_at_ns += 86'400'000'000'000;
  EXPECT_EQ(verdict(), Status::kFail);
}

TEST(Gaps, AQuestionTellsThatItsFailureIsAccepted) {
  Charter charter;
  charter.gaps = {gap_of(covering())};
  const auto summary =
      summarize({answering("offsets", {1})}, evidence_of(run_of("kafscale"), {commit_fails()}),
                "run", "report", charter);
  EXPECT_EQ(summary.answers[0].kind, AnswerKind::kNo);
  EXPECT_EQ(summary.answers[0].reason,
            "offsets (librdkafka): ILLEGAL_GENERATION (accepted: a-gap)");
}

}  // namespace
}  // namespace ks::report
