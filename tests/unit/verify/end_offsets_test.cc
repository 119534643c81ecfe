#include "checking.h"

namespace ks::verify {
namespace {

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

}  // namespace
}  // namespace ks::verify
