#include "lib/verify/checker.h"

#include <gtest/gtest.h>

#include "lib/history/identity.h"

namespace ks::verify {
namespace {

using history::Event;
using history::Integrity;
using history::Kind;
using history::Outcome;

constexpr std::uint64_t kRun = 42;
constexpr std::int64_t kMs = 1'000'000;

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
  // Times in milliseconds.
  Event timed(Kind kind, std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset) const {
    Event e;
    e.kind = kind;
    e.invoke_ns = invoke_ms * kMs;
    e.time_ns = time_ms * kMs;
    e.name = topic_;
    e.partition = 0;
    e.offset = offset;
    return e;
  }
  void send_at(std::int64_t invoke_ms, std::int64_t time_ms, std::uint64_t sequence,
               std::int64_t offset, Outcome outcome = Outcome::kOk) {
    Event e = timed(Kind::kSend, invoke_ms, time_ms, offset);
    e.sequence = sequence;
    e.outcome = outcome;
    add(sender_, e);
  }
  void end(Kind kind, std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset) {
    add(reader_, timed(kind, invoke_ms, time_ms, offset));
  }
  void fault(Kind kind, std::int64_t time_ms) {
    Event e = timed(kind, 0, time_ms, -1);
    e.name = names_.id("kill");
    e.partition = -1;
    add(reader_, e);
  }
  void commit(std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset,
              Outcome outcome = Outcome::kOk) {
    Event e = timed(Kind::kCommit, invoke_ms, time_ms, offset);
    e.group = group_;
    e.outcome = outcome;
    add(reader_, e);
  }
  void offset_fetch(std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset) {
    Event e = timed(Kind::kOffsetFetch, invoke_ms, time_ms, offset);
    e.group = group_;
    add(reader_, e);
  }
  // A member of the group gets the partition and reads from `from` on.
  void member_reads(std::int64_t from, std::int64_t to) {
    consumer_event(Kind::kAssign, -1);
    events_.back().second.group = group_;
    for (std::int64_t i = from; i < to; ++i) {
      read(i, static_cast<std::uint64_t>(i));
      events_.back().second.group = group_;
    }
  }
  void expect_anomaly(AnomalyType type) { EXPECT_EQ(count(check(), type), 1U) << name_of(type); }
  void expect_no_anomaly() {
    const Verdict verdict = check();
    for (const auto& [type, anomaly] : verdict.anomalies.by_type()) {
      ADD_FAILURE() << name_of(type) << ": " << anomaly.examples.front();
    }
  }
  void add(const Writer& writer, const Event& event) { events_.emplace_back(writer, event); }

  Verdict check(Options options = {}) {
    Checker checker(names_, options);
    for (const auto& [writer, event] : events_) checker.add(writer, event);
    return checker.finish();
  }
  static std::uint64_t count(const Verdict& verdict, AnomalyType type) {
    const auto found = verdict.anomalies.by_type().find(type);
    return found == verdict.anomalies.by_type().end() ? 0 : found->second.count;
  }
  // Exactly `type`, once, and nothing else.
  void expect_only(AnomalyType type) {
    const Verdict verdict = check();
    EXPECT_EQ(count(verdict, type), 1u) << name_of(type);
    for (const auto& [other, anomaly] : verdict.anomalies.by_type()) {
      EXPECT_EQ(other, type) << name_of(other) << ": " << anomaly.examples.front();
    }
  }

  history::Names names_;
  std::uint32_t topic_ = names_.id("orders");
  std::uint32_t group_ = names_.id("billing");
  Writer sender_{0, 0, kRun, true, false};
  Writer reader_{1, 0, kRun, false, false};
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

// As brokers answer for a batch that they know already.
TEST_F(CheckerTest, AnAckWithoutAnOffsetIsKeptByTheRecordAlone) {
  reserve(2);
  send(0, -1);
  send(1, -1);
  assign(0);
  read(0, 0);
  drain(1);
  EXPECT_TRUE(check().anomalies.by_type().empty());
  EXPECT_EQ(check().matched, 1U);
  EXPECT_EQ(check().missing.size(), 1U) << "where the other should be, nobody knows";
  read(1, 1);
  EXPECT_TRUE(check().missing.empty());
  read(2, 1);
  expect_only(AnomalyType::kDuplicate);
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

TEST_F(CheckerTest, TwoAcksOfOneOffsetAreInconsistent) {
  reserve(2);
  send(0, 0);
  send(1, 0);
  assign(0);
  read(0, 0);
  read(1, 1);
  drain(2);
  expect_only(AnomalyType::kInconsistentOffset);
}

TEST_F(CheckerTest, WhichRecordWasReadFirstMakesNoDifference) {
  reserve(2);
  send(1, 0);
  send(0, 0);
  assign(1);
  read(1, 1);
  assign(0);
  read(0, 0);
  read(1, 1);
  drain(2);
  expect_only(AnomalyType::kInconsistentOffset);
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
  EXPECT_TRUE(check().anomalies.by_type().empty());
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

TEST_F(CheckerTest, OffsetsWithoutARecordBetweenTwoAreAGap) {
  reserve(2);
  send(0, 0);
  send(1, 5);
  assign(0);
  read(0, 0);
  read(5, 1);
  drain(6);
  expect_only(AnomalyType::kOffsetGap);
}

// Transactions and compaction leave gaps, and others may use them.
TEST_F(CheckerTest, AGapAmongTheRecordsOfOthersIsNotJudged) {
  reserve(2);
  send(0, 0);
  send(1, 5);
  assign(0);
  read(0, 0);
  read(5, 1);
  read(6, 0, Integrity::kForeign);
  drain(7);
  EXPECT_TRUE(check().anomalies.by_type().empty());
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

// ---- ends and acknowledgements in time
// ------------------------------------------------------------

TEST_F(CheckerTest, AnEndBelowWhatWasAcknowledgedBeforeIsAStaleRead) {
  send_at(10, 20, 0, 0);
  end(Kind::kHighWatermark, 30, 40, 0);
  expect_anomaly(AnomalyType::kStaleRead);
}

TEST_F(CheckerTest, AnEndAskedForBeforeTheAckIsNotStale) {
  send_at(10, 30, 0, 0);
  end(Kind::kHighWatermark, 20, 40, 0);
  end(Kind::kEndOffset, 20, 40, 0);
  expect_no_anomaly();
}

TEST_F(CheckerTest, AnEndOnAnotherClockIsNotCompared) {
  send_at(10, 20, 0, 0);
  reader_.clock = 1;
  end(Kind::kEndOffset, 30, 40, 0);
  expect_no_anomaly();
}

TEST_F(CheckerTest, AWeakerAckMayBeAheadOfTheHighWatermark) {
  sender_.acks = 1;
  send_at(10, 20, 0, 0);
  end(Kind::kHighWatermark, 30, 40, 0);
  expect_no_anomaly();
}

TEST_F(CheckerTest, AfterAFaultANewLeadersHighWatermarkMayLagBehind) {
  send_at(10, 20, 0, 0);
  fault(Kind::kFaultBegin, 25);
  fault(Kind::kFaultHealed, 27);
  end(Kind::kHighWatermark, 30, 40, 0);
  expect_no_anomaly();
}

TEST_F(CheckerTest, WhatListOffsetsSaysIsTrueAtOnceAfterAFault) {
  fault(Kind::kFaultBegin, 1);
  fault(Kind::kFaultHealed, 2);
  send_at(10, 20, 0, 0);
  end(Kind::kHighWatermark, 30, 40, 0);  // leaders may still be on their way back
  expect_no_anomaly();
  end(Kind::kEndOffset, 41, 42, 0);
  expect_anomaly(AnomalyType::kStaleRead);
}

TEST_F(CheckerTest, AnEndDuringAFaultTellsNothingOfTheLog) {
  send_at(10, 20, 0, 0);
  fault(Kind::kFaultBegin, 25);
  end(Kind::kEndOffset, 26, 27, 0);
  expect_no_anomaly();
}

TEST_F(CheckerTest, TheNewestEndTellsWhatTheLogHas) {
  send_at(10, 20, 0, 0);
  end(Kind::kEndOffset, 26, 27, 0);
  end(Kind::kEndOffset, 28, 29, 1);
  EXPECT_EQ(count(check(), AnomalyType::kTruncation), 0U);
  EXPECT_EQ(count(check(), AnomalyType::kStaleRead), 1U);
}

TEST_F(CheckerTest, ALogThatEndsBelowAnAcknowledgedOffsetIsTruncated) {
  send_at(10, 20, 0, 0);
  send_at(21, 22, 1, 1);
  fault(Kind::kFaultBegin, 25);
  end(Kind::kEndOffset, 26, 27, 0);  // not yet recovered
  fault(Kind::kFaultHealed, 28);
  end(Kind::kEndOffset, 30, 40, 1);
  expect_anomaly(AnomalyType::kTruncation);
}

TEST_F(CheckerTest, ALogThatHasRecoveredIsNotTruncated) {
  send_at(10, 20, 0, 0);
  fault(Kind::kFaultBegin, 25);
  end(Kind::kEndOffset, 26, 27, 0);
  fault(Kind::kFaultHealed, 28);
  end(Kind::kEndOffset, 30, 40, 1);
  expect_no_anomaly();
}

TEST_F(CheckerTest, ALowerOffsetForALaterSendIsNonmonotonic) {
  send_at(10, 20, 0, 5);
  send_at(30, 40, 1, 4);
  expect_anomaly(AnomalyType::kNonmonotonicSend);
}

TEST_F(CheckerTest, SendsUnderWayTogetherMayGetAnyOffsets) {
  send_at(10, 20, 0, 5);
  send_at(15, 40, 1, 4);
  EXPECT_EQ(count(check(), AnomalyType::kNonmonotonicSend), 0U);
}

// ---- groups
// -----------------------------------------------------------------------------------------

TEST_F(CheckerTest, ACommitThatIsForgottenHasRegressed) {
  commit(10, 20, 7);
  commit(21, 22, 9);
  offset_fetch(30, 40, 7);
  expect_anomaly(AnomalyType::kCommitRegressed);
}

TEST_F(CheckerTest, AnAnswerIsHeldAgainstTheCommitsOfItsTime) {
  commit(10, 20, 7);
  offset_fetch(30, 40, 8);
  commit(50, 60, 9);
  expect_anomaly(AnomalyType::kCommitAhead);
}

TEST_F(CheckerTest, ACommitOfWhichTheCoordinatorKnowsNothingHasRegressed) {
  commit(10, 20, 7);
  offset_fetch(30, 40, -1);
  expect_anomaly(AnomalyType::kCommitRegressed);
}

TEST_F(CheckerTest, AnOffsetThatNobodyCommittedIsAhead) {
  commit(10, 20, 7);
  offset_fetch(30, 40, 8);
  expect_anomaly(AnomalyType::kCommitAhead);
}

TEST_F(CheckerTest, TheNewestCommitAndThoseUnderWayAreRightAnswers) {
  offset_fetch(1, 2, 3);  // from before this history
  offset_fetch(3, 4, 3);
  commit(10, 20, 7);
  offset_fetch(21, 22, 7);
  offset_fetch(25, 45, 9);  // of a commit whose answer comes later
  offset_fetch(25, 46, 7);
  commit(24, 50, 9);
  commit(60, 70, 11, Outcome::kUnknown);
  offset_fetch(71, 72, 9);
  offset_fetch(73, 74, 11);
  commit(80, 81, 20, Outcome::kFailed);
  offset_fetch(82, 83, 9);
  expect_no_anomaly();
}

TEST_F(CheckerTest, ARefusedCommitThatIsStoredIsAhead) {
  commit(10, 20, 7);
  commit(30, 40, 9, Outcome::kFailed);
  offset_fetch(50, 60, 9);
  expect_anomaly(AnomalyType::kCommitAhead);
}

TEST_F(CheckerTest, EachGroupIsJudgedByItself) {
  commit(10, 20, 7);
  group_ = names_.id("other");
  offset_fetch(30, 40, -1);
  expect_no_anomaly();
}

TEST_F(CheckerTest, ARecordThatNoMemberReadAndTheGroupCommittedIsSkipped) {
  for (int i = 0; i < 6; ++i) send_at(i, i + 1, static_cast<std::uint64_t>(i), i);
  member_reads(0, 2);
  commit(100, 110, 2);
  member_reads(4, 6);  // of another member, which was told a wrong offset
  commit(200, 210, 6);
  now_ = 300;
  group_ = 0;
  assign(0);
  for (int i = 0; i < 6; ++i) read(i, static_cast<std::uint64_t>(i));
  const Verdict verdict = check();
  EXPECT_EQ(count(verdict, AnomalyType::kGroupSkip), 2U);
  EXPECT_EQ(verdict.anomalies.by_type().size(), 1U);
}

TEST_F(CheckerTest, AGroupThatSomebodyMovedSkipsNothing) {
  for (int i = 0; i < 6; ++i) send_at(i, i + 1, static_cast<std::uint64_t>(i), i);
  member_reads(0, 2);
  commit(100, 110, 2);
  consumer_event(Kind::kRevoke, -1);
  commit(120, 130, 4);  // by hand: nobody has the partition
  member_reads(4, 6);
  commit(200, 210, 6);
  expect_no_anomaly();
}

// ---- availability
// ---------------------------------------------------------------------------------------

TEST_F(CheckerTest, RecoveryIsFromTheLastSuccessToTheFirstOfTen) {
  for (std::int64_t i = 0; i < 5; ++i) {
    send_at(i * 10, i * 10 + 5, static_cast<std::uint64_t>(i), i);
  }
  fault(Kind::kFaultBegin, 50);
  fault(Kind::kFaultConfirmed, 55);
  send_at(60, 70, 5, -1, Outcome::kUnknown);
  send_at(80, 90, 6, 5);  // one success is not yet recovery
  send_at(91, 95, 7, -1, Outcome::kUnknown);
  for (std::int64_t i = 0; i < 10; ++i) {
    send_at(100 + i * 10, 105 + i * 10, static_cast<std::uint64_t>(8 + i), 6 + i);
  }
  const Verdict verdict = check();
  ASSERT_EQ(verdict.operations.size(), 1U);
  EXPECT_EQ(verdict.operations[0].name, std::string("produce"));
  const Availability& a = verdict.operations[0].availability;
  ASSERT_EQ(a.recoveries().size(), 1U);
  EXPECT_FALSE(a.recoveries()[0].is_open);
  EXPECT_EQ(a.recoveries()[0].to_ns - a.recoveries()[0].from_ns, (105 - 45) * kMs);
  EXPECT_EQ(a.longest_gap_ns(), (90 - 45) * kMs);
  EXPECT_EQ(a.attempts(), 18U);
  EXPECT_EQ(a.successes(), 16U);
}

TEST_F(CheckerTest, AnOutageAtTheEndIsAnOpenRecovery) {
  send_at(0, 5, 0, 0);
  fault(Kind::kFaultBegin, 50);
  fault(Kind::kFaultConfirmed, 55);
  send_at(60, 1000, 1, -1, Outcome::kUnknown);
  const Verdict verdict = check();
  const Availability& a = verdict.operations.at(0).availability;
  ASSERT_EQ(a.recoveries().size(), 1U);
  EXPECT_TRUE(a.recoveries()[0].is_open);
  EXPECT_EQ(a.recoveries()[0].to_ns - a.recoveries()[0].from_ns, 995 * kMs);
}

TEST_F(CheckerTest, ACorruptRecordIsNotLostToo) {
  reserve(2);
  send(0, 0);
  assign(0);
  read(0, 0, Integrity::kCorrupt);
  read(1, 0, Integrity::kCorrupt);
  send(1, 1);  // its acknowledgement is known later
  drain(2);
  const Verdict verdict = check();
  EXPECT_EQ(count(verdict, AnomalyType::kCorrupt), 2U);
  EXPECT_EQ(verdict.anomalies.by_type().size(), 1U);
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
