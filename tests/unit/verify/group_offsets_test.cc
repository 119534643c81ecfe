#include "checking.h"

namespace ks::verify {
namespace {

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

TEST_F(CheckerTest, AMemberReadsAgainOnlyWhatTheGroupHadNotCommitted) {
  for (int i = 0; i < 6; ++i) send_at(i, i + 1, static_cast<std::uint64_t>(i), i);
  now_ = 10 * kMs;
  member_reads(0, 4);
  commit(100, 110, 2);
  now_ = 120 * kMs;
  member_reads(2, 6);  // the one before died
  const Verdict verdict = check();
  EXPECT_EQ(verdict.anomalies.by_type().size(), 0U);
  EXPECT_EQ(verdict.rereads, 2U);
}

TEST_F(CheckerTest, AMemberThatReadsWhatTheGroupHadCommittedReplays) {
  for (int i = 0; i < 6; ++i) send_at(i, i + 1, static_cast<std::uint64_t>(i), i);
  now_ = 10 * kMs;
  member_reads(0, 4);
  commit(100, 110, 2);
  now_ = 120 * kMs;
  member_reads(1, 6);
  expect_only(AnomalyType::kGroupReplay);
}

TEST_F(CheckerTest, AMemberMayBeginAtACommitOfWhichNobodyKnowsWhetherItWasStored) {
  for (int i = 0; i < 6; ++i) send_at(i, i + 1, static_cast<std::uint64_t>(i), i);
  now_ = 10 * kMs;
  member_reads(0, 4);
  commit(100, 110, 4);
  commit(115, 116, 1, Outcome::kUnknown);  // by hand, as an operator goes back
  now_ = 120 * kMs;
  member_reads(1, 6);
  expect_no_anomaly();
}

}  // namespace
}  // namespace ks::verify
