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
