#include "lib/report/promises.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace ks::report {
namespace {

Promise promise_of(std::vector<CheckRef> evidence) {
  return {"a", "a promise", std::move(evidence), std::nullopt};
}

Charter charter_of(std::vector<CheckRef> evidence) {
  Charter charter;
  charter.promises = {promise_of(std::move(evidence))};
  charter.gaps = {{"a-gap", {{{"groups", "librdkafka"}, "", ""}}, "known", "team", "2026-12-31"}};
  return charter;
}

PromiseOutcome judged(const Charter& charter, std::vector<Step> steps,
                      const Run& run = run_of("kafscale")) {
  const auto summary =
      summarize({check("offsets"), check("groups"), planned("plan"), check("chaos", Stage::kMain)},
                evidence_of(run, std::move(steps)), "run", "report", charter);
  return judge_promises(charter, summary).at(0);
}

struct Case {
  const char* name;
  std::vector<CheckRef> evidence;
  std::vector<Step> steps;
  PromiseState state;
  const char* reason;
  cli::ExitStatus exit_status;
};

std::vector<Case> cases() {
  using enum PromiseState;
  using cli::ExitStatus;
  const Step good = step("offsets", Status::kPass);
  const Step bad = step("offsets", Status::kFail, "3 lost");
  const Step known = step("groups", Status::kFail, "slow");
  const CheckRef offsets{"offsets", ""}, groups{"groups", ""};
  return {
      {"kept", {offsets}, {good}, kKept, "", ExitStatus::kPassed},
      {"broken",
       {offsets},
       {bad},
       kBroken,
       "offsets (librdkafka) failed: 3 lost",
       ExitStatus::kViolated},
      {"accepted",
       {offsets, groups},
       {good, known},
       kAccepted,
       "groups (librdkafka) failed: slow, accepted until 2026-12-31 as a-gap, team: known",
       ExitStatus::kPassed},
      {"accepted, and something not tested",
       {groups, offsets},
       {known},
       kNotTested,
       "offsets (librdkafka) did not run: no result",
       ExitStatus::kInconclusive},
      {"broken outranks all",
       {groups, {"chaos", ""}, offsets},
       {known, bad},
       kBroken,
       "offsets (librdkafka) failed: 3 lost",
       ExitStatus::kViolated},
      {"an error shows nothing",
       {offsets},
       {step("offsets", Status::kError, "no broker")},
       kNotTested,
       "offsets (librdkafka) could not run: no broker",
       ExitStatus::kInconclusive},
      {"a skip shows nothing",
       {offsets},
       {step("offsets", Status::kSkip, "no")},
       kNotTested,
       "offsets (librdkafka) was skipped: no",
       ExitStatus::kInconclusive},
      {"another stage",
       {{"chaos", ""}},
       {good},
       kNotTested,
       "chaos (librdkafka) did not run: part of the main stage; this run is of pr",
       ExitStatus::kInconclusive},
      {"a plan",
       {{"plan", ""}},
       {good},
       kNotTested,
       "plan (librdkafka) did not run: not built yet",
       ExitStatus::kInconclusive},
      {"another client",
       {{"offsets", "wire"}},
       {good},
       kNotTested,
       "offsets (wire) is not of this run",
       ExitStatus::kInconclusive},
      {"a client that nobody asked for",
       {offsets},
       {good, step("offsets", Status::kFail, "3 lost", "java")},
       kKept,
       "",
       ExitStatus::kPassed},
      {"that client, by name",
       {{"offsets", "java"}},
       {good, step("offsets", Status::kFail, "3 lost", "java")},
       kBroken,
       "offsets (java) failed: 3 lost",
       ExitStatus::kViolated},
  };
}

TEST(Promises, FollowEachRule) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    const PromiseOutcome outcome = judged(charter_of(c.evidence), c.steps);
    EXPECT_EQ(outcome.state, c.state) << to_string(outcome.state);
    EXPECT_EQ(outcome.reason, c.reason);
    EXPECT_EQ(exit_status({outcome}), c.exit_status);
  }
}

TEST(Promises, OnlyAKafScaleKeepsThem) {
  const Step good = step("offsets", Status::kPass);
  const PromiseOutcome kafka = judged(charter_of({{"offsets", ""}}), {good}, run_of("kafka"));
  EXPECT_EQ(kafka.state, PromiseState::kNotTested);
  EXPECT_EQ(kafka.reason, "the run is of an Apache Kafka, the promise KafScale's");
  auto unknown = run_of("kafscale");
  unknown.kafscale_gate = false;
  const PromiseOutcome other = judged(charter_of({{"offsets", ""}}), {good}, unknown);
  EXPECT_EQ(other.reason, "the broker was not identified as a KafScale");
  EXPECT_EQ(exit_status(std::vector<PromiseOutcome>{}), cli::ExitStatus::kInconclusive);
}

// A check that judges every API fails for one; the others are offered all the same.
TEST(Promises, AnApiIsJudgedByItsOwnThreshold) {
  Charter charter = charter_of({{"offsets", ""}});
  Promise& promise = charter.promises[0];
  Step versions = step("offsets", Status::kFail, "Fetch is promised in 11-13, offered in none");
  versions.result.thresholds = {{"missing_versions_Fetch", "==", 0, 3, false},
                                {"missing_versions_Produce", "==", 0, 0, true}};
  promise.api = {wire::ApiKey::kProduce, "Produce", {0, 9}};
  EXPECT_EQ(judged(charter, {versions}).state, PromiseState::kKept);
  promise.api = {wire::ApiKey::kFetch, "Fetch", {11, 13}};
  EXPECT_EQ(judged(charter, {versions}).state, PromiseState::kBroken);
  promise.api = {wire::ApiKey::kMetadata, "Metadata", {0, 9}};
  EXPECT_EQ(judged(charter, {versions}).state, PromiseState::kBroken) << "the check does not tell";
}

}  // namespace
}  // namespace ks::report
