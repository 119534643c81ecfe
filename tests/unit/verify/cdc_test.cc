#include "lib/verify/cdc.h"

#include <gtest/gtest.h>

namespace ks::verify {
namespace {

using Kind = CdcWorkerEvent::Kind;

// A healthy history of one table, of which each test breaks one thing: two rows before the snapshot
// at 25, one while it streams, one while the worker is down, and one after that.
class CdcTest : public testing::Test {
 protected:
  void SetUp() override {
    commit(10, {{"videos", 1, 'c', 1}});
    commit(20, {{"videos", 2, 'c', 2}});
    worker(Kind::kStart, 22);
    event('r', 1, 1, 25);
    event('r', 2, 2, 25);
    commit(30, {{"videos", 3, 'c', 3}});
    event('c', 3, 3, 30);
    input_.offsets.push_back({35, 30});
    commit(40, {{"videos", 1, 'u', 4}});
    event('u', 1, 4, 40);
    worker(Kind::kKill, 50);
    worker(Kind::kGone, 51);
    commit(60, {{"videos", 4, 'c', 5}});
    worker(Kind::kStart, 70);
    event('u', 1, 4, 40, 75);  // committed behind the last offset
    event('c', 4, 5, 60, 80);
    commit(90, {{"videos", 2, 'd', 6}});
    event('d', 2, 0, 90);
    input_.offsets.push_back({95, 90});
  }

  // The log position and the time are the same number here.
  void commit(std::int64_t at, std::vector<CdcChange> changes) {
    input_.commits.push_back({at, at, std::move(changes)});
  }
  void worker(Kind kind, std::int64_t time_ms) { input_.worker.push_back({kind, time_ms}); }
  void event(char op, std::int64_t id, std::int64_t value, std::int64_t lsn,
             std::int64_t time_ms = 0) {
    const auto offset = static_cast<std::int64_t>(input_.events.size());
    input_.events.push_back(
        {"videos", 0, offset, op, id, value, lsn, time_ms == 0 ? lsn : time_ms});
  }
  void forget_event(std::size_t number) {
    input_.events.erase(input_.events.begin() + static_cast<std::ptrdiff_t>(number));
  }

  void expect_only(const std::string& type, const std::string& example) {
    const CdcVerdict verdict = judge_cdc(input_);
    ASSERT_EQ(verdict.anomalies.count(type), 1U) << type;
    EXPECT_EQ(verdict.anomalies.at(type).count, 1U);
    EXPECT_EQ(verdict.anomalies.at(type).examples.front(), example);
    for (const auto& [other, anomaly] : verdict.anomalies) {
      EXPECT_EQ(other, type) << anomaly.examples.front();
    }
  }
  void expect_no_anomaly() {
    for (const auto& [type, anomaly] : judge_cdc(input_).anomalies) {
      ADD_FAILURE() << type << ": " << anomaly.examples.front();
    }
  }
  void expect_missing(const std::string& what) {
    EXPECT_EQ(judge_cdc(input_).missing, std::vector<std::string>{what});
  }

  CdcInput input_;
};

TEST_F(CdcTest, AHealthyStreamHasNoAnomalyAndLacksNothing) {
  expect_no_anomaly();
  const CdcVerdict verdict = judge_cdc(input_);
  EXPECT_TRUE(verdict.missing.empty());
  EXPECT_EQ(verdict.arrived_changes, 6U);
  EXPECT_EQ(verdict.changes.at('c'), 4U);
  EXPECT_EQ(verdict.events.at('r'), 2U);
}

TEST_F(CdcTest, AnOutageHasItsTimesAndWhatWasReplayed) {
  const CdcVerdict verdict = judge_cdc(input_);
  ASSERT_EQ(verdict.outages.size(), 1U);
  const CdcOutage& outage = verdict.outages.front();
  EXPECT_TRUE(outage.is_kill);
  EXPECT_EQ(outage.gone_ms, 51);
  EXPECT_EQ(outage.started_ms, 70);
  EXPECT_EQ(outage.resumed_ms, 75);
  EXPECT_EQ(outage.caught_up_ms, 80);
  EXPECT_EQ(outage.resumed_lsn, 30);
  EXPECT_EQ(outage.changes_while_down, 1U);
  EXPECT_EQ(outage.log_behind, 30);
  EXPECT_EQ(outage.replayed, 1U);
}

TEST_F(CdcTest, TheEndOfTheStreamIsLost) {
  input_.events.pop_back();
  expect_only(kCdcLost, "deletion of videos 2 never arrived, nor any later change of its table");
}

TEST_F(CdcTest, AChangeThatTheStreamWentPastIsAGap) {
  forget_event(2);
  expect_only(kCdcGap,
              "insert of videos 3 (value 3) never arrived, though later changes of its table did");
}

TEST_F(CdcTest, ARowThatTheSnapshotDidNotReadIsAGap) {
  forget_event(1);
  expect_only(kCdcGap,
              "insert of videos 2 (value 2) never arrived, though later changes of its table did");
}

TEST_F(CdcTest, WhatTheSnapshotFoundOverwrittenNeedNotArrive) {
  input_.commits[1].changes.push_back({"videos", 1, 'u', 20});
  input_.events[0].value = 20;
  expect_no_anomaly();
}

TEST_F(CdcTest, WhatWasOverwrittenOnlyAfterTheSnapshotHasToArrive) {
  input_.events[0].value = 4;  // the update of 40
  input_.events[0].lsn = 25;
  forget_event(4);
  forget_event(3);
  EXPECT_EQ(judge_cdc(input_).anomalies.count(kCdcGap), 1U);
}

TEST_F(CdcTest, WhatWasDeletedBeforeTheSnapshotNeedNotArrive) {
  input_.commits[0].changes.push_back({"videos", 9, 'c', 21});
  input_.commits[1].changes.push_back({"videos", 9, 'd', 22});
  expect_no_anomaly();
}

TEST_F(CdcTest, AChangeThatComesAfterALaterOneIsOutOfOrder) {
  commit(100, {{"videos", 5, 'c', 7}});
  commit(110, {{"videos", 6, 'c', 8}});
  event('c', 6, 8, 110, 120);
  event('c', 5, 7, 100, 121);
  expect_only(
      kCdcOrder,
      "insert of videos 5 (value 7) at videos[0] offset 8 came after the insert of videos 6 "
      "(value 8), which was committed later");
}

// What a worker had sent when it was killed may not stand behind what the next one sends.
TEST_F(CdcTest, AnEventOfAnEarlierWorkerAfterOneOfALaterIsOutOfOrder) {
  std::swap(input_.events[3].time_ms, input_.events[4].time_ms);
  expect_only(
      kCdcOrder,
      "update of videos 1 (value 4) at videos[0] offset 4, of an earlier worker, came after "
      "what a later one took up");
  EXPECT_EQ(judge_cdc(input_).outages.front().replayed, 1U);
}

TEST_F(CdcTest, AnEarlierWorkerAlsoDisordersByALaterChangeAndByASnapshot) {
  commit(100, {{"videos", 5, 'c', 7}});
  event('c', 5, 7, 100, 48);
  expect_only(
      kCdcOrder,
      "insert of videos 5 (value 7) at videos[0] offset 7, of an earlier worker, came after "
      "what a later one took up");
  input_.events.pop_back();
  event('r', 4, 5, 60, 49);
  input_.commits.pop_back();
  expect_only(
      kCdcOrder,
      "insert of videos 4 (value 5) at videos[0] offset 7, of an earlier worker, came after "
      "what a later one took up");
}

// It neither hides a disorder of the later worker nor makes one.
TEST_F(CdcTest, AfterAnEventOfAnEarlierWorkerTheLaterOneIsFollowedFurther) {
  commit(100, {{"videos", 5, 'c', 7}});
  commit(110, {{"videos", 6, 'c', 8}});
  event('c', 6, 8, 110, 120);
  event('u', 1, 4, 40, 45);
  event('c', 5, 7, 100, 121);
  EXPECT_EQ(judge_cdc(input_).anomalies.at(kCdcOrder).count, 2U);
}

TEST_F(CdcTest, ARepetitionWithoutARestartIsADuplicate) {
  event('d', 2, 0, 90, 96);
  expect_only(kCdcDuplicate,
              "deletion of videos 2 came again at videos[0] offset 7, without a restart between");
}

TEST_F(CdcTest, ARepetitionOfWhatWasBehindTheOffsetReplaysTooMuch) {
  input_.events[4].lsn = 29;
  expect_only(kCdcReplay,
              "update of videos 1 (value 4) came again at videos[0] offset 4: log position 29 is "
              "before the offset 30 that the worker resumed at");
}

TEST_F(CdcTest, WhatWasRolledBackIsAPhantom) {
  event('c', 99, 99, 92);
  expect_only(kCdcPhantom,
              "op c of videos 99 (value 99) at videos[0] offset 7, which was never committed");
}

TEST_F(CdcTest, AnotherValueThanWasCommittedIsAPhantomAndTheCommittedOneIsMissing) {
  input_.events[5].value = 55;
  const CdcVerdict verdict = judge_cdc(input_);
  EXPECT_EQ(verdict.anomalies.at(kCdcPhantom).count, 1U);
  EXPECT_EQ(verdict.anomalies.at(kCdcGap).count, 1U);
}

TEST_F(CdcTest, ARecordThatIsNoEventIsAPhantom) {
  event(CdcEvent::kForeign, 0, 0, 0, 92);
  expect_only(kCdcPhantom, "no event of a change: videos[0] offset 7");
}

TEST_F(CdcTest, ATombstoneIsNoChange) {
  event(CdcEvent::kTombstone, 2, 0, 0, 92);
  expect_no_anomaly();
}

TEST_F(CdcTest, ASnapshotAfterARestartIsNew) {
  event('r', 4, 5, 85, 85);
  expect_only(kCdcNewSnapshot,
              "videos 4 was read again at videos[0] offset 7, by a worker that had an offset to "
              "resume at");
}

TEST_F(CdcTest, AnOffsetThatGoesBackHasRegressed) {
  input_.offsets.push_back({97, 30});
  expect_only(kCdcOffsetRegressed, "offset 30 was committed after 90");
}

TEST_F(CdcTest, WithoutAKillNothingIsShown) {
  input_.worker[1].kind = Kind::kStop;
  expect_missing("no worker was killed");
}

TEST_F(CdcTest, AKillThatWasNotSeenIsNone) {
  input_.worker.erase(input_.worker.begin() + 2);
  expect_missing("kill 1: the worker was not seen to be gone");
}

TEST_F(CdcTest, AKillAfterWhichNothingWasCommittedShowsNothing) {
  input_.commits[4].time_ms = 49;
  expect_missing("kill 1: nothing was committed while the worker was down");
}

TEST_F(CdcTest, AWorkerThatDoesNotComeBackShowsNothing) {
  input_.worker.pop_back();
  EXPECT_EQ(judge_cdc(input_).missing,
            std::vector<std::string>{"kill 1: no worker was started again"});
}

TEST_F(CdcTest, WithoutAnOffsetBeforeTheKillThereIsNothingToResumeAt) {
  input_.offsets.front().time_ms = 52;
  expect_missing("kill 1: no offset had been committed that a worker could resume at");
}

TEST_F(CdcTest, NothingAtAllIsNoPass) {
  EXPECT_EQ(judge_cdc({}).missing,
            (std::vector<std::string>{"nothing was committed", "no offset was committed",
                                      "no worker was killed"}));
}

TEST_F(CdcTest, AStartOfWhichNobodySawTheEndBeforeExplainsNothing) {
  worker(Kind::kStart, 94);
  event('d', 2, 0, 90, 96);
  expect_only(kCdcDuplicate,
              "deletion of videos 2 came again at videos[0] offset 7, without a restart between");
}

TEST_F(CdcTest, EachPartitionHasAnOrderOfItsOwn) {
  commit(100, {{"videos", 5, 'c', 7}});
  commit(110, {{"videos", 6, 'c', 8}});
  event('c', 6, 8, 110, 120);
  input_.events.back().partition = 1;
  event('c', 5, 7, 100, 121);
  expect_no_anomaly();
}

}  // namespace
}  // namespace ks::verify
