#include "checking.h"

namespace ks::verify {
namespace {

TEST_F(CheckerTest, AHealthyHistoryIsNotAccused) {
  reserve(3);
  for (int i = 0; i < 3; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(0);
  for (int i = 0; i < 3; ++i) read(i, static_cast<std::uint64_t>(i));
  drain(3);
  const Verdict verdict = check();
  EXPECT_TRUE(verdict.anomalies.by_type().empty());
  EXPECT_TRUE(verdict.missing.empty());
  EXPECT_EQ(verdict.acked, 3u);
  EXPECT_EQ(verdict.matched, 3u);
  EXPECT_EQ(verdict.unknown, 0u);
}

TEST_F(CheckerTest, AnAcknowledgedRecordThatADrainedReadDoesNotShowIsLost) {
  reserve(2);
  send(0, 0);
  send(1, 1);
  assign(0);
  read(0, 0);
  drain(1);  // the newest record is gone, and the end with it
  expect_only(AnomalyType::kLost);
}

TEST_F(CheckerTest, AnUndrainedPartitionIsMissingEvidenceNotLoss) {
  reserve(2);
  send(0, 0);
  send(1, 1);
  assign(0);
  read(0, 0);
  const Verdict verdict = check();
  EXPECT_TRUE(verdict.anomalies.by_type().empty());
  ASSERT_EQ(verdict.missing.size(), 1u);
  EXPECT_NE(verdict.missing[0].find("1 acknowledged records"), std::string::npos);
}

TEST_F(CheckerTest, AReadThatStartedLaterSaysNothingOfEarlierRecords) {
  reserve(2);
  send(0, 0);
  send(1, 1);
  assign(1);
  read(1, 1);
  drain(2);
  EXPECT_TRUE(check().anomalies.by_type().empty());
  EXPECT_EQ(check().missing.size(), 1u);
}

TEST_F(CheckerTest, AnUnknownStartIsWhereReadingBegan) {
  reserve(3);
  for (int i = 0; i < 3; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(-1);  // at the group's commit, which is not in the history
  read(1, 1);
  drain(2);  // without record 2
  expect_only(AnomalyType::kLost);
  ASSERT_EQ(check().missing.size(), 1u);
  EXPECT_NE(check().missing[0].find("1 acknowledged records"), std::string::npos);
}

TEST_F(CheckerTest, AnUnknownStartWithoutAReadSaysNothingOfWhatLiesBefore) {
  reserve(2);
  send(0, 0);
  send(1, 1);
  assign(-1);
  drain(2);
  EXPECT_TRUE(check().anomalies.by_type().empty());
  EXPECT_EQ(check().missing.size(), 2u);  // two records undrained, and none read
}

TEST_F(CheckerTest, AnEndBelowAnAcknowledgedOffsetIsALossWhereverReadingBegan) {
  reserve(2);
  send(0, 0);
  send(1, 1);
  assign(-1);
  drain(1);
  expect_only(AnomalyType::kLost);
}

TEST_F(CheckerTest, ADrainBeforeTheAckSaysNothingOfIt) {
  reserve(1);
  assign(0);
  drain(0);
  send(0, 0);
  EXPECT_EQ(count(check(), AnomalyType::kLost), 0u);
}

TEST_F(CheckerTest, AnUnknownAttemptMayBeThereOrNot) {
  reserve(2);
  send(0, 0);
  send(1, -1, Outcome::kUnknown);
  assign(0);
  read(0, 0);
  drain(1);
  EXPECT_TRUE(check().anomalies.by_type().empty());
  read(1, 1);
  EXPECT_TRUE(check().anomalies.by_type().empty());
}

TEST_F(CheckerTest, AnAttemptWithoutOutcomeIsUnknown) {
  reserve(2);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 1);  // its writer was killed before the ack was recorded
  drain(2);
  EXPECT_TRUE(check().anomalies.by_type().empty());
  EXPECT_EQ(check().unknown, 1u);
}

TEST_F(CheckerTest, ARefusedAttemptThatIsReadIsAnAbortedRead) {
  reserve(2);
  send(0, 0);
  send(1, -1, Outcome::kFailed);
  assign(0);
  read(0, 0);
  read(1, 1);
  drain(2);
  expect_only(AnomalyType::kAbortedRead);
}

TEST_F(CheckerTest, ARecordStoredTwiceIsADuplicate) {
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 0);
  drain(2);
  expect_only(AnomalyType::kDuplicate);
  EXPECT_EQ(check().anomalies.by_type().at(AnomalyType::kDuplicate).explained, 0u);
}

TEST_F(CheckerTest, HiddenRetriesExplainADuplicate) {
  sender_.retries_may_duplicate = true;
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 0);
  drain(2);
  EXPECT_EQ(check().anomalies.by_type().at(AnomalyType::kDuplicate).explained, 1u);
}

TEST_F(CheckerTest, AnUnknownOutcomeExplainsADuplicate) {
  reserve(1);
  send(0, -1, Outcome::kUnknown);
  assign(0);
  read(0, 0);
  read(1, 0);
  drain(2);
  expect_only(AnomalyType::kDuplicate);
  EXPECT_EQ(check().anomalies.by_type().at(AnomalyType::kDuplicate).explained, 1U);
}

TEST_F(CheckerTest, ReadingTheSameOffsetAgainAfterAnAssignIsNoAnomaly) {
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  assign(0);
  read(0, 0);
  drain(1);
  EXPECT_TRUE(check().anomalies.by_type().empty());
}

TEST_F(CheckerTest, ARecordThatNobodySentIsAPhantom) {
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 1);
  drain(2);
  expect_only(AnomalyType::kPhantom);
}

TEST_F(CheckerTest, ASequenceThatNobodyCanReachIsAPhantom) {
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 1ULL << 47);
  drain(2);
  expect_only(AnomalyType::kPhantom);
}

TEST_F(CheckerTest, WhatWasReservedAndGivenBackWasNotSent) {
  reserve(100);
  send(0, 0);
  Event given_back;
  given_back.kind = Kind::kReserve;
  given_back.sequence = 1;
  add(sender_, given_back);
  assign(0);
  read(0, 0);
  read(1, 50);
  drain(2);
  expect_only(AnomalyType::kPhantom);
}

TEST_F(CheckerTest, RecordsOfOthersAreCountedApart) {
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 0, Integrity::kForeign);
  read(2, 0);
  events_.back().second.run = kRun + 1;  // the same producer and sequence, of another run
  read(3, 1);
  events_.back().second.run = kRun + 1;
  drain(4);
  const Verdict verdict = check();
  EXPECT_TRUE(verdict.anomalies.by_type().empty());
  EXPECT_TRUE(verdict.missing.empty());
  EXPECT_EQ(verdict.foreign, 3u);
  EXPECT_EQ(verdict.reads, 4u);
}

TEST_F(CheckerTest, ARunOfWhichOnlyReadsAreKnownIsForeignToTheSenders) {
  reserve(1);
  send(0, 0);
  reader_.run = kRun + 1;  // the reader's own run sent nothing
  assign(0);
  read(0, 0);
  read(1, 0);
  events_.back().second.run = kRun + 1;
  drain(2);
  EXPECT_TRUE(check().anomalies.by_type().empty());
  EXPECT_EQ(check().foreign, 1u);
}

TEST_F(CheckerTest, ARecordInAnotherPartitionIsAPhantom) {
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  drain(1);
  read(0, 0, Integrity::kIntact, 5);
  expect_only(AnomalyType::kPhantom);
}

TEST_F(CheckerTest, SwappedRecordsAreADisorderOfTheirProducer) {
  reserve(3);
  send(0, 0);
  send(2, 1);
  send(1, 2);
  assign(0);
  read(0, 0);
  read(1, 2);
  read(2, 1);
  drain(3);
  expect_only(AnomalyType::kProducerOrder);
}

TEST_F(CheckerTest, OrderIsNotJudgedWhereTheClientDoesNotPromiseIt) {
  sender_.in_order = false;
  two_swapped();
  EXPECT_TRUE(check().anomalies.by_type().empty());
}

TEST_F(CheckerTest, ADisorderIsExplainedWhereTheClientsOrderEndsWithTheLeader) {
  for (const bool ends : {false, true}) {
    SCOPED_TRACE(ends);
    events_.clear();
    sender_.order_ends_with_leader = ends;
    two_swapped();
    expect_only(AnomalyType::kProducerOrder);
    EXPECT_EQ(check().anomalies.by_type().at(AnomalyType::kProducerOrder).explained,
              ends ? 1u : 0u);
  }
}

TEST_F(CheckerTest, NothingSentOrNothingReadIsNoEvidence) {
  const Verdict empty = check();
  EXPECT_EQ(empty.missing.size(), 2u);
  reserve(1);
  send(0, -1, Outcome::kUnknown);  // acks=0 is never ok
  assign(0);
  read(0, 0);
  drain(1);
  ASSERT_EQ(check().missing.size(), 1u);
  EXPECT_EQ(check().missing[0], "vacuous: no record was acknowledged");
}

TEST_F(CheckerTest, ReadsAloneNeverSuffice) {
  assign(0);
  read(0, 0);
  read(1, 1);
  drain(2);
  const Verdict verdict = check({.reads_only = true});
  EXPECT_TRUE(verdict.anomalies.by_type().empty());
  EXPECT_EQ(verdict.missing.size(), 1u);
}

TEST_F(CheckerTest, CountsAreWholeAndExamplesCapped) {
  reserve(100);
  for (int i = 0; i < 100; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(0);
  read(0, 0);
  drain(100);
  const Verdict verdict = check();
  EXPECT_EQ(verdict.anomalies.by_type().at(AnomalyType::kLost).count, 99u);
  EXPECT_EQ(verdict.anomalies.by_type().at(AnomalyType::kLost).examples.size(), kMostExamples);
}

TEST_F(CheckerTest, TheSameHistoryGivesTheSameVerdict) {
  reserve(10);
  for (int i = 0; i < 10; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(0);
  read(0, 3);
  drain(10);
  const Verdict a = check();
  const Verdict b = check();
  ASSERT_EQ(a.anomalies.by_type().size(), b.anomalies.by_type().size());
  for (const auto& [type, anomaly] : a.anomalies.by_type()) {
    EXPECT_EQ(anomaly.examples, b.anomalies.by_type().at(type).examples);
  }
}

}  // namespace
}  // namespace ks::verify
