#include "lib/verify/checker.h"

#include <gtest/gtest.h>

namespace ks::verify {
namespace {

using history::Event;
using history::Integrity;
using history::Kind;
using history::Outcome;

constexpr std::uint64_t kRun = 42;

// A small history in the words of its events. Each test takes a healthy one and breaks one thing.
class CheckerTest : public testing::Test {
 protected:
  void reserve(std::uint64_t count, std::uint16_t producer = 0) {
    Event e;
    e.kind = Kind::kReserve;
    e.producer = producer;
    e.count = count;
    add(sender_, e);
  }
  void send(std::uint64_t sequence, std::int64_t offset, Outcome outcome = Outcome::kOk) {
    Event e;
    e.kind = Kind::kSend;
    e.time_ns = ++now_;
    e.name = topic_;
    e.partition = 0;
    e.sequence = sequence;
    e.offset = offset;
    e.outcome = outcome;
    add(sender_, e);
  }
  void assign(std::int64_t offset) { consumer_event(Kind::kAssign, offset); }
  void drain(std::int64_t end) { consumer_event(Kind::kDrain, end); }
  void read(std::int64_t offset, std::uint64_t sequence, Integrity integrity = Integrity::kIntact,
            std::int32_t partition = 0) {
    Event e;
    e.kind = Kind::kRead;
    e.time_ns = ++now_;
    e.name = topic_;
    e.partition = partition;
    e.offset = offset;
    e.run = kRun;
    e.sequence = sequence;
    e.integrity = static_cast<std::uint8_t>(integrity);
    add(reader_, e);
  }
  void consumer_event(Kind kind, std::int64_t offset) {
    Event e;
    e.kind = kind;
    e.time_ns = ++now_;
    e.name = topic_;
    e.partition = 0;
    e.offset = offset;
    add(reader_, e);
  }
  void add(const Writer& writer, const Event& event) { events_.emplace_back(writer, event); }

  Verdict check(Options options = {}) {
    Checker checker(names_, options);
    for (const auto& [writer, event] : events_) checker.add(writer, event);
    return checker.finish();
  }
  static std::uint64_t count(const Verdict& verdict, AnomalyType type) {
    const auto found = verdict.anomalies.find(type);
    return found == verdict.anomalies.end() ? 0 : found->second.count;
  }
  // Exactly `type`, once, and nothing else.
  void expect_only(AnomalyType type) {
    const Verdict verdict = check();
    EXPECT_EQ(count(verdict, type), 1u) << name_of(type);
    for (const auto& [other, anomaly] : verdict.anomalies) {
      EXPECT_EQ(other, type) << name_of(other) << ": " << anomaly.examples.front();
    }
  }

  history::Names names_;
  std::uint32_t topic_ = names_.id("orders");
  Writer sender_{0, kRun, true, false};
  Writer reader_{1, kRun, false, false};
  std::int64_t now_ = 0;
  std::vector<std::pair<Writer, Event>> events_;
};

TEST_F(CheckerTest, AHealthyHistoryIsNotAccused) {
  reserve(3);
  for (int i = 0; i < 3; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(0);
  for (int i = 0; i < 3; ++i) read(i, static_cast<std::uint64_t>(i));
  drain(3);
  const Verdict verdict = check();
  EXPECT_TRUE(verdict.anomalies.empty());
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
  EXPECT_TRUE(verdict.anomalies.empty());
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
  EXPECT_TRUE(check().anomalies.empty());
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
  EXPECT_TRUE(check().anomalies.empty());
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
  EXPECT_TRUE(check().anomalies.empty());
  read(1, 1);
  EXPECT_TRUE(check().anomalies.empty());
}

TEST_F(CheckerTest, AnAttemptWithoutOutcomeIsUnknown) {
  reserve(2);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 1);  // its writer was killed before the ack was recorded
  drain(2);
  EXPECT_TRUE(check().anomalies.empty());
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
  EXPECT_EQ(check().anomalies.at(AnomalyType::kDuplicate).explained, 0u);
}

TEST_F(CheckerTest, HiddenRetriesExplainADuplicate) {
  sender_.retries_may_duplicate = true;
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  read(1, 0);
  drain(2);
  EXPECT_EQ(check().anomalies.at(AnomalyType::kDuplicate).explained, 1u);
}

TEST_F(CheckerTest, ReadingTheSameOffsetAgainAfterAnAssignIsNoAnomaly) {
  reserve(1);
  send(0, 0);
  assign(0);
  read(0, 0);
  assign(0);
  read(0, 0);
  drain(1);
  EXPECT_TRUE(check().anomalies.empty());
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
  EXPECT_TRUE(verdict.anomalies.empty());
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
  EXPECT_TRUE(check().anomalies.empty());
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

TEST_F(CheckerTest, AnAckWithAWrongOffsetIsInconsistent) {
  reserve(2);
  send(0, 0);
  send(1, 7);
  assign(0);
  read(0, 0);
  read(1, 1);
  drain(2);
  expect_only(AnomalyType::kInconsistentOffset);
}

TEST_F(CheckerTest, TwoRecordsAtOneOffsetAreInconsistent) {
  reserve(2);
  send(0, 0);
  send(1, -1, Outcome::kUnknown);
  assign(0);
  read(0, 0);
  assign(0);
  read(0, 1);
  drain(1);
  EXPECT_EQ(count(check(), AnomalyType::kInconsistentOffset), 1u);
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
  reserve(2);
  send(0, 1);
  send(1, 0);
  assign(0);
  read(0, 1);
  read(1, 0);
  drain(2);
  EXPECT_TRUE(check().anomalies.empty());
}

TEST_F(CheckerTest, APollThatGoesBackIsNonmonotonic) {
  reserve(2);
  send(0, 0);
  send(1, 1);
  assign(0);
  read(0, 0);
  read(1, 1);
  read(0, 0);
  drain(2);
  expect_only(AnomalyType::kNonmonotonicPoll);
}

TEST_F(CheckerTest, APollThatJumpsOverARecordSkips) {
  reserve(3);
  for (int i = 0; i < 3; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(0);
  read(0, 0);
  read(2, 2);
  assign(0);
  read(0, 0);
  read(1, 1);  // another pass shows that it was there
  read(2, 2);
  drain(3);
  expect_only(AnomalyType::kPollSkip);
}

TEST_F(CheckerTest, JumpingOverOffsetsThatHoldNothingIsRight) {
  reserve(2);
  send(0, 0);
  send(1, 5);
  assign(0);
  read(0, 0);
  read(5, 1);
  drain(6);
  EXPECT_TRUE(check().anomalies.empty());
}

TEST_F(CheckerTest, AValueThatDoesNotMatchItsCrcIsCorrupt) {
  reserve(1);
  send(0, -1, Outcome::kUnknown);
  assign(0);
  read(0, 0, Integrity::kCorrupt);
  drain(1);
  EXPECT_EQ(count(check(), AnomalyType::kCorrupt), 1u);
  EXPECT_EQ(check().foreign, 0u);
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
  EXPECT_TRUE(verdict.anomalies.empty());
  EXPECT_EQ(verdict.missing.size(), 1u);
}

TEST_F(CheckerTest, CountsAreWholeAndExamplesCapped) {
  reserve(100);
  for (int i = 0; i < 100; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(0);
  read(0, 0);
  drain(100);
  const Verdict verdict = check();
  EXPECT_EQ(verdict.anomalies.at(AnomalyType::kLost).count, 99u);
  EXPECT_EQ(verdict.anomalies.at(AnomalyType::kLost).examples.size(), kMostExamples);
}

TEST_F(CheckerTest, TheSameHistoryGivesTheSameVerdict) {
  reserve(10);
  for (int i = 0; i < 10; ++i) send(static_cast<std::uint64_t>(i), i);
  assign(0);
  read(0, 3);
  drain(10);
  const Verdict a = check();
  const Verdict b = check();
  ASSERT_EQ(a.anomalies.size(), b.anomalies.size());
  for (const auto& [type, anomaly] : a.anomalies) {
    EXPECT_EQ(anomaly.examples, b.anomalies.at(type).examples);
  }
}

}  // namespace
}  // namespace ks::verify
