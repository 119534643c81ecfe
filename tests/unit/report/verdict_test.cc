#include "lib/report/verdict.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace ks::report {
namespace {

struct VerdictCase {
  const char* name;
  Run run;
  Manifest manifest;
  std::vector<Step> steps;
  std::vector<Problem> problems;
  Status verdict;
  const char* reason;  // the first one
};

Run interrupted_run() {
  auto run = run_of("kafka");
  run.interrupted = "signal 2";
  return run;
}

Run unended_run() {
  auto run = run_of("kafka");
  run.ended = false;
  return run;
}

Run failed_run() {
  auto run = run_of("kafka");
  run.failure = "CTest ended with status 8";
  return run;
}

Run unidentified_run() {
  auto run = run_of("kafscale");
  run.kafscale_gate = false;
  return run;
}

std::vector<VerdictCase> verdict_cases() {
  const Step pass = step("offsets", Status::kPass);
  const Manifest offsets{check("offsets")};
  const auto kafka = run_of("kafka");
  return {
      {"all required passed", kafka, offsets, {pass}, {}, Status::kPass, ""},
      {"one failed",
       kafka,
       offsets,
       {step("offsets", Status::kFail, "2 lost")},
       {},
       Status::kFail,
       "offsets (librdkafka) failed: 2 lost"},
      {"one could not run",
       kafka,
       offsets,
       {step("offsets", Status::kError, "no broker")},
       {},
       Status::kError,
       "offsets (librdkafka) could not run: no broker"},
      {"one is inconclusive",
       kafka,
       offsets,
       {step("offsets", Status::kInconclusive, "no data")},
       {},
       Status::kInconclusive,
       "offsets (librdkafka) is inconclusive: no data"},
      {"a required check was skipped",
       kafka,
       offsets,
       {step("offsets", Status::kSkip, "no topic")},
       {},
       Status::kInconclusive,
       "offsets (librdkafka) was skipped: no topic"},
      {"a required check did not run",
       kafka,
       {check("offsets"), check("groups")},
       {pass},
       {},
       Status::kInconclusive,
       "groups (librdkafka) did not run: no result"},
      {"nothing ran",
       kafka,
       offsets,
       {},
       {},
       Status::kInconclusive,
       "offsets (librdkafka) did not run: no result"},
      {"nothing is required",
       kafka,
       {},
       {},
       {},
       Status::kInconclusive,
       "no check is required of this run"},
      {"only what is not required passed",
       kafka,
       {planned("epochs")},
       {pass},
       {},
       Status::kInconclusive,
       "no check is required of this run"},
      {"the target excludes it",
       kafka,
       {check("offsets"), kafscale_only("metrics")},
       {pass},
       {},
       Status::kPass,
       ""},
      {"its skip is recorded",
       kafka,
       {check("offsets"), kafscale_only("metrics")},
       {pass, step("metrics", Status::kSkip, "excluded")},
       {},
       Status::kPass,
       ""},
      {"a plan is open",
       kafka,
       {check("offsets"), planned("epochs")},
       {pass},
       {},
       Status::kPass,
       ""},
      {"a later stage is open",
       kafka,
       {check("offsets"), check("chaos", Stage::kMain)},
       {pass},
       {},
       Status::kPass,
       ""},
      {"a violation nobody asked for",
       kafka,
       offsets,
       {pass, step("extra", Status::kFail, "lost")},
       {},
       Status::kFail,
       "extra (librdkafka) failed: lost"},
      {"an error nobody asked for",
       kafka,
       offsets,
       {pass, step("extra", Status::kError, "no")},
       {},
       Status::kPass,
       ""},
      {"a result is malformed",
       kafka,
       offsets,
       {pass},
       {{"results/x.json", "not JSON"}},
       Status::kError,
       "cannot use results/x.json: not JSON"},
      {"a failure outranks a malformed result",
       kafka,
       offsets,
       {step("offsets", Status::kFail, "2 lost")},
       {{"results/x.json", "not JSON"}},
       Status::kFail,
       "offsets (librdkafka) failed: 2 lost"},
      {"interrupted after everything passed",
       interrupted_run(),
       offsets,
       {pass},
       {},
       Status::kInconclusive,
       "the run was interrupted: signal 2"},
      {"interrupted after a failure",
       interrupted_run(),
       offsets,
       {step("offsets", Status::kFail, "2 lost")},
       {},
       Status::kFail,
       "offsets (librdkafka) failed: 2 lost"},
      {"killed after everything passed",
       unended_run(),
       offsets,
       {pass},
       {},
       Status::kInconclusive,
       "the run did not reach its end"},
      {"a failure that no result explains",
       failed_run(),
       offsets,
       {pass},
       {},
       Status::kError,
       "CTest ended with status 8, and no result says why"},
      {"a failure that a result explains",
       failed_run(),
       offsets,
       {step("offsets", Status::kInconclusive, "no data")},
       {},
       Status::kInconclusive,
       "offsets (librdkafka) is inconclusive: no data"},
      {"a KafScale", run_of("kafscale"), offsets, {pass}, {}, Status::kPass, ""},
      {"not identified as a KafScale",
       unidentified_run(),
       offsets,
       {pass},
       {},
       Status::kInconclusive,
       "the broker was not identified as a KafScale"},
  };
}

TEST(Verdict, FollowsEachRule) {
  for (const VerdictCase& c : verdict_cases()) {
    SCOPED_TRACE(c.name);
    const auto rows = rows_of(c.manifest, evidence_of(c.run, c.steps));
    const Verdict verdict = judge(c.run, rows, c.problems);
    EXPECT_EQ(verdict.status, c.verdict);
    EXPECT_EQ(verdict.reasons.empty() ? "" : verdict.reasons.front().text, c.reason);
    EXPECT_EQ(verdict.reasons.empty(), verdict.status == Status::kPass);
  }
}

TEST(Verdict, EveryClientMustPass) {
  auto run = run_of("kafka");
  run.clients = {"librdkafka", "wire"};
  const auto rows = rows_of({check("offsets")}, evidence_of(run, {step("offsets", Status::kPass)}));
  EXPECT_EQ(judge(run, rows, {}).status, Status::kInconclusive);
}

TEST(Verdict, NamesTheWorstFirst) {
  const auto run = run_of("kafka");
  const auto rows = rows_of({check("a"), check("b"), check("c")},
                            evidence_of(run, {step("b", Status::kError, "no broker"),
                                              step("c", Status::kFail, "2 lost")}));
  const Verdict verdict = judge(run, rows, {});
  ASSERT_EQ(verdict.reasons.size(), 3u);
  EXPECT_EQ(verdict.reasons[0].row, 2u);
  EXPECT_EQ(verdict.reasons[1].row, 1u);
  EXPECT_EQ(verdict.reasons[2].row, 0u);
}

struct QuestionCase {
  const char* name;
  Manifest manifest;
  std::vector<Step> steps;
  AnswerKind answer;
  const char* reason;
};

CheckSpec excluded_on_kafka(const char* name) {
  CheckSpec spec = answering(name, {1});
  spec.targets = {"kafscale"};
  spec.excluded = "has none";
  return spec;
}

std::vector<QuestionCase> question_cases() {
  CheckSpec later = answering("later", {1});
  later.stage = Stage::kMain;
  CheckSpec plan = answering("plan", {1});
  plan.planned = "not built yet";
  const CheckSpec a = answering("a", {1}), b = answering("b", {1});
  const Step a_pass = step("a", Status::kPass), b_pass = step("b", Status::kPass);
  return {
      {"every check passed", {a, b}, {a_pass, b_pass}, AnswerKind::kYes, ""},
      {"one failed",
       {a, b},
       {a_pass, step("b", Status::kFail, "2 lost")},
       AnswerKind::kNo,
       "b (librdkafka): 2 lost"},
      {"one failed, one did not run",
       {a, b},
       {step("b", Status::kFail, "2 lost")},
       AnswerKind::kNo,
       "b (librdkafka): 2 lost"},
      {"one did not run", {a, b}, {a_pass}, AnswerKind::kNotTested, "b (librdkafka): no result"},
      {"one could not run",
       {a, b},
       {a_pass, step("b", Status::kError, "no broker")},
       AnswerKind::kNotTested,
       "b (librdkafka): no broker"},
      {"one is planned",
       {a, plan},
       {a_pass},
       AnswerKind::kNotTested,
       "plan (librdkafka): not built yet"},
      {"one belongs to a later stage",
       {a, later},
       {a_pass},
       AnswerKind::kNotTested,
       "later (librdkafka): part of the main stage; this run is of pr"},
      {"one is excluded", {a, excluded_on_kafka("b")}, {a_pass}, AnswerKind::kYes, ""},
      {"all are excluded",
       {excluded_on_kafka("b")},
       {},
       AnswerKind::kNotTested,
       "b (librdkafka): has none"},
      {"all are excluded, and recorded",
       {excluded_on_kafka("b")},
       {step("b", Status::kSkip, "has none")},
       AnswerKind::kNotTested,
       "b (librdkafka): has none"},
      {"no check answers it",
       {check("a")},
       {a_pass},
       AnswerKind::kNotTested,
       "no check answers it"},
      {"another client was skipped",
       {a},
       {a_pass, step("a", Status::kSkip, "no", "java")},
       AnswerKind::kYes,
       ""},
  };
}

TEST(Questions, AreAnsweredByEachRule) {
  for (const QuestionCase& c : question_cases()) {
    SCOPED_TRACE(c.name);
    const auto answers =
        answer_questions(rows_of(c.manifest, evidence_of(run_of("kafka"), c.steps)));
    ASSERT_EQ(answers.size(), 5u);
    EXPECT_EQ(answers[0].kind, c.answer);
    EXPECT_EQ(answers[0].reason, c.reason);
  }
}

TEST(Questions, ALongReasonIsCut) {
  Manifest manifest;
  for (const char* name : {"a", "b", "c", "d", "e"}) manifest.push_back(answering(name, {1}));
  const auto answers = answer_questions(rows_of(manifest, evidence_of(run_of("kafka"), {})));
  EXPECT_TRUE(answers[0].reason.ends_with("c (librdkafka): no result; and 2 more"))
      << answers[0].reason;
}

TEST(NotTested, ListsEverythingWithoutEvidenceOnce) {
  auto run = run_of("kafka");
  run.clients = {"librdkafka", "wire"};
  const auto rows = rows_of({check("tested"), check("skipped"), planned("plan"),
                             kafscale_only("metrics"), check("chaos", Stage::kMain)},
                            evidence_of(run, {step("tested", Status::kFail, "lost"),
                                              step("tested", Status::kPass, "", "wire"),
                                              step("skipped", Status::kSkip, "no topic"),
                                              step("skipped", Status::kSkip, "no topic", "wire")}));
  const auto entries = list_not_tested(rows);
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].spec.name, "skipped");
  EXPECT_EQ(entries[0].clients, (std::vector<std::string>{"librdkafka", "wire"}));
  EXPECT_EQ(entries[1].reason, "not built yet");
  EXPECT_EQ(entries[2].reason, "Apache Kafka has none");
  EXPECT_EQ(entries[3].reason, "part of the main stage; this run is of pr");
}

}  // namespace
}  // namespace ks::report
