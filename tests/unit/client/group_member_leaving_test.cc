#include "group_member.h"

namespace ks::client {
namespace {

using namespace std::chrono_literals;
using wire::ApiKey;
using wire::ErrorCode;
using wire::FindingId;
using State = ConsumerGroupMember::State;

// ---- ending -------------------------------------------------------------------------------------

TEST_F(GroupMemberTest, LeavesAfterRevoking) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  EXPECT_TRUE(leave(subject.member));
  EXPECT_EQ(subject.told.back(), "revoked " + kAll);
  EXPECT_EQ(subject.member.state(), State::kOut);
  EXPECT_EQ(group_.last(ApiKey::kLeaveGroup)->body["members"][0]["member_id"].as_string(),
            "member-1");
}

TEST_F(GroupMemberTest, LeavesWhileItsJoinGroupIsHeldBack) {
  Subject first(loop_, group_);
  Subject second(loop_, group_);
  first.member.join();
  ASSERT_TRUE(wait_stable(first));
  first.member.pause();
  second.member.join();
  ASSERT_TRUE(wait_for(ApiKey::kJoinGroup, 4));
  EXPECT_TRUE(leave(second.member));
  EXPECT_EQ(group_.size(), 1U);
}

// It was once taken for one that nobody counts on, and the others waited for its session to end.
TEST_F(GroupMemberTest, LeavesThoughItsCoordinatorHasJustMoved) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  group_.refusals[ApiKey::kHeartbeat] = {ErrorCode::kNotCoordinator};
  ASSERT_TRUE(wait_for(ApiKey::kFindCoordinator, 2));
  EXPECT_TRUE(leave(subject.member));
  EXPECT_EQ(group_.count(ApiKey::kLeaveGroup), 1U);
  EXPECT_EQ(group_.size(), 0U);
}

TEST_F(GroupMemberTest, LeavesWhereItsGroupHasMovedTo) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  subject.member.pause();  // it hears nothing of it
  group_.has_moved = true;
  const auto left = leave(subject.member);
  EXPECT_TRUE(left) << left.error().message();
  EXPECT_EQ(group_.count(ApiKey::kLeaveGroup), 2U);
  EXPECT_EQ(group_.size(), 0U);
  EXPECT_FALSE(subject.found(FindingId::kLeaveRefused));
}

TEST_F(GroupMemberTest, JoinsAgainOnceItHasLeft) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  int left = 0;
  const auto on_left = [&left](const cli::Result<void>& result) { left += result ? 1 : 100; };
  subject.member.leave(cli::Clock::now() + kLong, on_left);
  subject.member.join();
  EXPECT_EQ(subject.member.state(), State::kLeaving);
  ASSERT_TRUE(wait_stable(subject));
  EXPECT_EQ(left, 1);
  EXPECT_EQ(subject.member.membership().member_id, "member-2");

  subject.member.leave(cli::Clock::now() + kLong, on_left);
  subject.member.join();
  subject.member.leave(cli::Clock::now() + kLong, on_left);
  ASSERT_TRUE(wait([&] { return left == 3; }));
  EXPECT_EQ(subject.member.state(), State::kOut);
}

TEST_F(GroupMemberTest, AStaticMemberLeavesWithoutAWord) {
  WireOptions options = quick();
  options.group_instance_id = "i";
  Subject subject(loop_, group_, options);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  EXPECT_TRUE(leave(subject.member));
  EXPECT_EQ(group_.count(ApiKey::kLeaveGroup), 0U);
  EXPECT_EQ(group_.size(), 1U);
}

TEST_F(GroupMemberTest, ARefusedLeaveIsAFinding) {
  group_.knows_no_leaver = true;
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  const auto left = leave(subject.member);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().message(), "LeaveGroup v5 got UNKNOWN_MEMBER_ID: g");
  EXPECT_TRUE(subject.found(FindingId::kLeaveRefused));
}

TEST_F(GroupMemberTest, AKilledMemberSaysNothingAndCanComeBackAsANewOne) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  subject.member.kill();
  EXPECT_EQ(subject.told.back(), "lost " + kAll);
  EXPECT_EQ(group_.count(ApiKey::kLeaveGroup), 0U);
  group_.forget_members();
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  EXPECT_EQ(subject.member.membership().member_id, "member-2");
}

TEST_F(GroupMemberTest, MayGoWhileItsRequestsAreUnderWay) {
  for (const ApiKey api : {ApiKey::kFindCoordinator, ApiKey::kJoinGroup, ApiKey::kSyncGroup,
                           ApiKey::kHeartbeat, ApiKey::kOffsetCommit}) {
    group_.silent = {api};
    auto subject = std::make_unique<Subject>(loop_, group_);
    bool gone = false;
    subject->member.join();
    subject->member.commit({{{"orders", 0}, 1}}, cli::Clock::now() + kLong,
                           [&gone](const auto&) { EXPECT_FALSE(gone); });
    const std::size_t before = group_.count(api);
    ASSERT_TRUE(wait_for(api, before + 1));
    gone = true;
    subject.reset();
    loop_.run_ready(1ms);
    group_.forget_members();
  }
}

// ---- offsets ------------------------------------------------------------------------------------

TEST_F(GroupMemberTest, ACommitOnRevocationIsSentBeforeTheJoinGroup) {
  wire::Loop& loop = loop_;
  Cluster cluster(loop, {group_.broker.address()}, quick());
  ConsumerGroupMember* self = nullptr;
  std::optional<std::int16_t> code;
  ConsumerGroupMember member(cluster, "g", {"orders"},
                             {nullptr,
                              [&](const Partitions&) {
                                self->commit({{{"orders", 1}, 5}}, cli::Clock::now() + kLong,
                                             [&](const auto& answer) { code = *answer; });
                              },
                              nullptr, nullptr});
  self = &member;
  member.join();
  ASSERT_TRUE(wait([&] { return member.is_stable(); }));
  group_.rebalance();
  ASSERT_TRUE(wait([&] { return code.has_value() && member.is_stable(); }));
  EXPECT_EQ(*code, 0) << "in the generation that was ending";
  const auto apis = group_.apis();
  const auto at = std::find(apis.begin(), apis.end(), ApiKey::kOffsetCommit);
  ASSERT_NE(at, apis.end());
  EXPECT_EQ(*(at - 1), ApiKey::kHeartbeat);
  EXPECT_EQ(*(at + 1), ApiKey::kJoinGroup);
}

TEST_F(GroupMemberTest, ACommitIsRefusedByItsCodeAndSentAgainWhileTheCoordinatorLoads) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  group_.refusals[ApiKey::kOffsetCommit] = {ErrorCode::kCoordinatorLoadInProgress,
                                            ErrorCode::kNotCoordinator};
  EXPECT_EQ(commit(subject.member, {{"orders", 0}, 3}), 0);
  EXPECT_EQ(group_.count(ApiKey::kOffsetCommit), 3U);
  group_.refusals[ApiKey::kOffsetCommit] = {ErrorCode::kIllegalGeneration};
  EXPECT_EQ(commit(subject.member, {{"orders", 0}, 4}), 22);
  group_.refusals[ApiKey::kOffsetCommit] = {ErrorCode::kUnknownTopicOrPartition};
  EXPECT_EQ(commit(subject.member, {{"orders", 0}, 4}), 3);
  EXPECT_EQ((group_.committed[{"orders", 0}]), 3);
}

TEST_F(GroupMemberTest, CommitsAsSomebodyElse) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  std::optional<std::int16_t> code;
  subject.member.commit_as({"nobody", "", 1}, {{{"orders", 0}, 3}}, cli::Clock::now() + kLong,
                           [&](const auto& answer) { code = *answer; });
  ASSERT_TRUE(wait([&] { return code.has_value(); }));
  EXPECT_EQ(*code, 25);
}

TEST_F(GroupMemberTest, ZeroForAGroupThatNobodyHasUsedIsAFinding) {
  Subject subject(loop_, group_);
  group_.committed[{"orders", 0}] = 0;
  EXPECT_EQ(fetch(subject.member, {{"orders", 0}})->front().offset, 0);
  ASSERT_TRUE(wait_for(ApiKey::kOffsetFetch, 2)) << "it asks for an unseen group";
  loop_.run_ready(1ms);
  EXPECT_FALSE(subject.found(FindingId::kNoCommitAnsweredAsZero)) << "a commit of 0 is one";

  Subject another(loop_, group_);
  group_.no_commit = 0;
  EXPECT_EQ(fetch(another.member, {{"orders", 1}})->front().offset, 0);
  EXPECT_TRUE(wait([&] { return another.found(FindingId::kNoCommitAnsweredAsZero); }));
}

// On several brokers an unseen group is seldom where the member's is.
TEST_F(GroupMemberTest, AnUnseenGroupIsAskedForWhereItWouldBe) {
  group_.strangers_are_elsewhere = true;
  group_.no_commit = 0;
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  const std::size_t found = group_.count(ApiKey::kFindCoordinator);
  EXPECT_EQ(fetch(subject.member, {{"orders", 1}})->front().offset, 0);
  EXPECT_TRUE(wait([&] { return subject.found(FindingId::kNoCommitAnsweredAsZero); }));
  EXPECT_EQ(group_.count(ApiKey::kOffsetFetch), 2U) << "once for each group";
  EXPECT_EQ(commit(subject.member, {{"orders", 1}, 3}), 0);
  EXPECT_EQ(group_.count(ApiKey::kFindCoordinator), found + 1) << "its own is still known";
}

}  // namespace
}  // namespace ks::client
