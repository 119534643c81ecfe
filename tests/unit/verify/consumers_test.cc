#include "checking.h"

namespace ks::verify {
namespace {

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

}  // namespace
}  // namespace ks::verify
