#include "checking.h"

namespace ks::verify {
namespace {

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

TEST_F(CheckerTest, WhatALeaderAloneAcknowledgedMayNotBeSeenYet) {
  const auto read_the_first = [this] {
    assign(0);
    read(0, 0);
    drain(1);
  };
  reserve(2);
  send(0, 0);
  send(1, 1);
  read_the_first();
  expect_only(AnomalyType::kLost);
  events_.clear();
  sender_.acks = 1;
  reserve(2);
  send(0, 0);
  send(1, 1);
  read_the_first();
  expect_no_anomaly();
  EXPECT_EQ(check().missing.size(), 1U);
}

// Kafka takes any first sequence of a producer it does not know: of two batches in flight it
// refused the first and took the second, and took the first one's retry for a repetition.
TEST_F(CheckerTest, AnAckWithoutAnOffsetIsLostWhereAWholeReadingSinceDoesNotHaveIt) {
  reserve(3);
  send_at(1, 10, 0, -1);
  send_at(2, 11, 1, 0);
  const auto read_all = [this](std::int64_t from, std::int64_t end, std::int64_t at_ms) {
    now_ = at_ms * kMs;
    assign(from);
    for (std::int64_t i = from; i < end; ++i) read(i, static_cast<std::uint64_t>(i) + 1);
    drain(end);
  };
  read_all(0, 1, 20);
  EXPECT_EQ(count(check(), AnomalyType::kLost), 0U) << "who knows when it was committed";
  send_at(30, 31, 2, 1);
  EXPECT_EQ(count(check(), AnomalyType::kLost), 0U) << "only after that reading began";
  EXPECT_EQ(check().missing.size(), 1U);
  read_all(1, 2, 40);
  EXPECT_EQ(count(check(), AnomalyType::kLost), 0U) << "it may stand before where that began";
  read_all(0, 2, 50);
  expect_only(AnomalyType::kLost);
  EXPECT_TRUE(check().missing.empty());
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

TEST_F(CheckerTest, AValueThatDoesNotMatchItsCrcIsCorrupt) {
  reserve(1);
  send(0, -1, Outcome::kUnknown);
  assign(0);
  read(0, 0, Integrity::kCorrupt);
  drain(1);
  EXPECT_EQ(count(check(), AnomalyType::kCorrupt), 1u);
  EXPECT_EQ(check().foreign, 0u);
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

}  // namespace
}  // namespace ks::verify
