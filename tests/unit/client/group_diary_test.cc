#include "lib/client/group_diary.h"

#include <gtest/gtest.h>

#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

using namespace std::chrono_literals;
using wire::ApiKey;
using wire::ErrorCode;

std::int16_t code(ErrorCode error) { return static_cast<std::int16_t>(error); }

class GroupDiaryTest : public ::testing::Test {
 protected:
  const GroupDiary::Time start_{};
  GroupDiary diary_;
};

TEST_F(GroupDiaryTest, AStableMemberHasNothingToExplain) {
  EXPECT_EQ(diary_.explain(start_), "");
  diary_.unstable(start_);
  EXPECT_EQ(diary_.explain(start_ + 2s), "not stable for 2.0 s");
  diary_.stable();
  EXPECT_EQ(diary_.explain(start_ + 3s), "");
  EXPECT_EQ(diary_.generations(), 1U);
}

TEST_F(GroupDiaryTest, SaysWhichApiIsRefusedAndHowOften) {
  diary_.unstable(start_);
  for (int i = 0; i < 3; ++i) {
    diary_.sent(ApiKey::kJoinGroup, "b:1", start_);
    diary_.answered(ApiKey::kJoinGroup, code(ErrorCode::kRebalanceInProgress));
  }
  diary_.sent(ApiKey::kJoinGroup, "b:1", start_);
  diary_.answered(ApiKey::kJoinGroup, code(ErrorCode::kNotCoordinator));
  EXPECT_EQ(diary_.explain(start_ + 5s),
            "not stable for 5.0 s: JoinGroup refused 4 times (NOT_COORDINATOR 1, "
            "REBALANCE_IN_PROGRESS 3)");
  EXPECT_EQ(diary_.calls().at(ApiKey::kJoinGroup).sent, 4U);
}

TEST_F(GroupDiaryTest, SaysWhatIsNotAnsweredAndWhy) {
  diary_.unstable(start_);
  diary_.sent(ApiKey::kFindCoordinator, "the cluster", start_);
  diary_.unanswered(ApiKey::kFindCoordinator, {"cannot connect to broker", "b:1", ""});
  diary_.sent(ApiKey::kSyncGroup, "b:1", start_ + 1s);
  EXPECT_EQ(diary_.explain(start_ + 4s),
            "not stable for 4.0 s: FindCoordinator unanswered 1 time; the last failure was: cannot "
            "connect to broker: b:1; b:1 has not answered SyncGroup for 3.0 s");
  diary_.forget_waiting();
  EXPECT_EQ(diary_.explain(start_ + 4s).find("SyncGroup"), std::string::npos);
}

TEST_F(GroupDiaryTest, ForgetsTheTroublesOfAnEarlierGeneration) {
  diary_.unstable(start_);
  diary_.answered(ApiKey::kSyncGroup, code(ErrorCode::kIllegalGeneration));
  diary_.stable();
  diary_.unstable(start_ + 9s);
  EXPECT_EQ(diary_.explain(start_ + 10s), "not stable for 1.0 s");
  EXPECT_EQ(diary_.calls().at(ApiKey::kSyncGroup).refused.size(), 1U);
}

TEST_F(GroupDiaryTest, KnowsTheTroublesOfAStableMember) {
  diary_.stable();
  diary_.unanswered(ApiKey::kHeartbeat, {"broker closed the connection", "b:1", ""});
  EXPECT_EQ(diary_.troubles(start_),
            "Heartbeat unanswered 1 time; the last failure was: broker closed the connection: b:1");
  EXPECT_EQ(diary_.explain(start_), "");
  diary_.settled();
  EXPECT_EQ(diary_.troubles(start_), "");
}

TEST_F(GroupDiaryTest, ManyGenerationsWithoutAHeartbeatAreChurn) {
  diary_.unstable(start_);
  for (int i = 1; i <= 5; ++i) {
    EXPECT_FALSE(diary_.generation(i, start_ + i * 2s, 6s));
    EXPECT_FALSE(diary_.generation(i, start_ + i * 2s, 6s)) << "the same one again is no new one";
  }
  EXPECT_EQ(diary_.generation(6, start_ + 12s, 6s),
            "6 generations up to 6 in 10.0 s, and no heartbeat taken in any");
  EXPECT_FALSE(diary_.generation(7, start_ + 14s, 6s)) << "told once";
  EXPECT_EQ(diary_.explain(start_ + 14s),
            "not stable for 14.0 s: 7 generations in 12.0 s without a heartbeat, the last is 7");
}

TEST_F(GroupDiaryTest, AGroupThatGrowsInAMomentDoesNotChurn) {
  for (int i = 1; i <= 20; ++i) EXPECT_FALSE(diary_.generation(i, start_ + i * 100ms, 6s));
}

TEST_F(GroupDiaryTest, AnAcceptedHeartbeatEndsTheSeries) {
  for (int i = 1; i <= 5; ++i) diary_.generation(i, start_ + i * 2s, 6s);
  diary_.settled();
  EXPECT_FALSE(diary_.generation(6, start_ + 12s, 6s));
}

}  // namespace
}  // namespace ks::client
