#include "group_member.h"

namespace ks::client {
namespace {

using namespace std::chrono_literals;
using test::FakeGroup;
using wire::ApiKey;
using wire::ErrorCode;
using wire::FindingId;
using State = ConsumerGroupMember::State;

// ---- joining ------------------------------------------------------------------------------------

TEST_F(GroupMemberTest, AloneItLeadsAndHasEverything) {
  Subject subject(loop_, group_);
  EXPECT_EQ(subject.member.explain(), "has not joined");
  subject.member.join();
  ASSERT_TRUE(wait_for(ApiKey::kHeartbeat, 2));
  EXPECT_TRUE(subject.member.is_leader());
  EXPECT_EQ(subject.member.membership().generation_id, 1);
  EXPECT_EQ(subject.told, std::vector<std::string>{"assigned 1: " + kAll});
  EXPECT_EQ(subject.member.members(), std::vector<std::string>{"member-1"});
  EXPECT_EQ(subject.member.explain(), "");
  EXPECT_EQ(subject.member.calls().at(ApiKey::kJoinGroup).refused.size(),
            1U);  // MEMBER_ID_REQUIRED
}

TEST_F(GroupMemberTest, ASecondMemberMakesTheFirstRevokeAndShare) {
  Subject first(loop_, group_);
  Subject second(loop_, group_);
  first.member.join();
  ASSERT_TRUE(wait_stable(first));
  second.member.join();
  ASSERT_TRUE(wait_stable(second));
  ASSERT_TRUE(wait_stable(first));
  EXPECT_EQ(first.told, (std::vector<std::string>{"assigned 1: " + kAll, "revoked " + kAll,
                                                  "assigned 2: orders[0] orders[1]"}));
  EXPECT_EQ(second.told, std::vector<std::string>{"assigned 2: orders[2] orders[3]"});
  EXPECT_EQ(second.member.leader_id(), first.member.membership().member_id);
}

TEST_F(GroupMemberTest, JoinsAgainWithTheIdThatARefusalGave) {
  group_.asks_to_poll = true;
  Subject first(loop_, group_);
  Subject second(loop_, group_);
  first.member.join();
  ASSERT_TRUE(wait_stable(first));
  group_.silent = {ApiKey::kHeartbeat};  // the first does not hear of it yet
  second.member.join();
  ASSERT_TRUE(wait([&] {
    return second.member.calls().count(ApiKey::kJoinGroup) != 0 &&
           !second.member.calls().at(ApiKey::kJoinGroup).refused.empty();
  }));
  first.member.rejoin("the test wants it");
  ASSERT_TRUE(wait_stable(second));
  EXPECT_EQ(group_.size(), 2U) << "no ids without an owner";
}

// What JoinGroup or SyncGroup may be refused with, and still be tried again.
TEST_F(GroupMemberTest, TriesAgainAfterWhatMayPass) {
  using enum ErrorCode;
  for (const ApiKey api : {ApiKey::kJoinGroup, ApiKey::kSyncGroup}) {
    for (const ErrorCode error :
         {kCoordinatorLoadInProgress, kCoordinatorNotAvailable, kNotCoordinator, kIllegalGeneration,
          kUnknownMemberId, kRebalanceInProgress}) {
      Subject subject(loop_, group_);
      group_.refusals[api] = {error, error};
      subject.member.join();
      ASSERT_TRUE(wait_stable(subject)) << wire::error_name(static_cast<std::int16_t>(error));
      EXPECT_EQ(subject.member.calls().at(api).refused.at(static_cast<std::int16_t>(error)), 2U);
      const bool moved = error == kNotCoordinator || error == kCoordinatorNotAvailable;
      EXPECT_EQ(subject.member.calls().at(ApiKey::kFindCoordinator).sent, moved ? 3U : 1U);
      group_.forget_members();
    }
  }
}

TEST_F(GroupMemberTest, KeepsOrDropsItsIdAsTheJavaClientDoes) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  group_.refusals[ApiKey::kHeartbeat] = {ErrorCode::kIllegalGeneration};
  ASSERT_TRUE(wait([&] { return subject.told.size() == 3; }));
  EXPECT_EQ(subject.told[1], "lost " + kAll);
  EXPECT_EQ(subject.member.membership().member_id, "member-1");
  group_.refusals[ApiKey::kHeartbeat] = {ErrorCode::kUnknownMemberId};
  ASSERT_TRUE(wait([&] { return subject.told.size() == 4; }));
  EXPECT_EQ(subject.told[3], "lost " + kAll);
  EXPECT_EQ(subject.member.membership().member_id, "");
}

TEST_F(GroupMemberTest, GivesUpOnWhatTimeCannotMend) {
  struct Row {
    std::int16_t code;
    const char* name;
  };
  for (const Row& row : {Row{82, "FENCED_INSTANCE_ID"}, Row{23, "INCONSISTENT_GROUP_PROTOCOL"},
                         Row{26, "INVALID_SESSION_TIMEOUT"}, Row{30, "GROUP_AUTHORIZATION_FAILED"},
                         Row{81, "GROUP_MAX_SIZE_REACHED"}, Row{-1, "UNKNOWN_SERVER_ERROR"}}) {
    for (const ApiKey api :
         {ApiKey::kFindCoordinator, ApiKey::kJoinGroup, ApiKey::kSyncGroup, ApiKey::kHeartbeat}) {
      Subject subject(loop_, group_);
      group_.refusals[api] = {wire::to_error(row.code)};
      subject.member.join();
      ASSERT_TRUE(wait([&] { return subject.failure.has_value(); })) << row.name;
      EXPECT_EQ(subject.failure->what,
                wire::api_name(static_cast<std::int16_t>(api)) + " failed: " + row.name);
      EXPECT_EQ(subject.failure->code, row.name);
      EXPECT_EQ(subject.member.state(), State::kFailed);
      EXPECT_EQ(subject.member.explain(), "gave up: " + subject.failure->message());
      EXPECT_EQ(subject.told.size(), api == ApiKey::kHeartbeat ? 2U : 0U) << "assigned, then lost";
      group_.forget_members();
    }
  }
}

// ---- versions -----------------------------------------------------------------------------------

TEST_F(GroupMemberTest, WorksWithEveryVersionThatTheClientSpeaks) {
  for (const ApiKey api :
       {ApiKey::kFindCoordinator, ApiKey::kJoinGroup, ApiKey::kSyncGroup, ApiKey::kHeartbeat,
        ApiKey::kOffsetCommit, ApiKey::kOffsetFetch, ApiKey::kLeaveGroup}) {
    const wire::VersionRange range = wire_release().range(api);
    for (std::int16_t version = range.min; version <= range.max; ++version) {
      SCOPED_TRACE(wire::api_name(static_cast<std::int16_t>(api)) + " " + std::to_string(version));
      wire::Loop loop;
      FakeGroup group(loop);
      group.broker.versions[api] = {version, version};
      Subject subject(loop, group);
      subject.member.join();
      const auto until = cli::Clock::now() + kLong;
      ASSERT_TRUE(loop.run_until(until, [&] { return group.count(ApiKey::kHeartbeat) != 0; }))
          << subject.member.explain();
      std::optional<std::int16_t> code;
      subject.member.commit({{{"orders", 2}, 7}}, until,
                            [&](const auto& answer) { code = *answer; });
      ASSERT_TRUE(loop.run_until(until, [&] { return code.has_value(); }));
      EXPECT_EQ(*code, 0);
      std::optional<cli::Result<std::vector<Position>>> committed;
      subject.member.fetch_committed({{"orders", 2}, {"orders", 3}}, until,
                                     [&](const auto& answer) { committed = answer; });
      ASSERT_TRUE(loop.run_until(until, [&] { return committed.has_value(); }));
      ASSERT_TRUE(*committed);
      EXPECT_EQ((*committed)->at(0).offset, 7);
      EXPECT_EQ((*committed)->at(1).offset, -1);
      std::optional<cli::Result<void>> left;
      subject.member.leave(until, [&](const auto& answer) { left = answer; });
      ASSERT_TRUE(loop.run_until(until, [&] { return left.has_value(); }));
      EXPECT_TRUE(*left);
      EXPECT_EQ(group.size(), 0U);
      ASSERT_NE(group.last(api), nullptr);
      EXPECT_EQ(group.last(api)->version, version);
    }
  }
}

TEST_F(GroupMemberTest, AVersionThatDoesNotMatchNamesTheApiAndBothRanges) {
  group_.broker.versions[ApiKey::kSyncGroup] = {6, 7};
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait([&] { return subject.failure.has_value(); }));
  EXPECT_EQ(subject.failure->where, "SyncGroup: the client speaks 0-5, the broker serves 6-7");
  EXPECT_TRUE(subject.found(FindingId::kGroupApisUnreachable));
}

TEST_F(GroupMemberTest, AStaticMemberNeedsJoinGroup5) {
  group_.broker.versions[ApiKey::kJoinGroup] = {0, 4};
  WireOptions options = quick();
  options.group_instance_id = "i";
  Subject subject(loop_, group_, options);
  subject.member.join();
  ASSERT_TRUE(wait([&] { return subject.failure.has_value(); }));
  EXPECT_EQ(subject.failure->message(),
            "static members need JoinGroup 5: the broker serves 4; leave out group.instance.id");
}

// ---- stable -------------------------------------------------------------------------------------

TEST_F(GroupMemberTest, AMovedCoordinatorIsFoundAgainWithoutRejoining) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  group_.refusals[ApiKey::kHeartbeat] = {ErrorCode::kNotCoordinator,
                                         ErrorCode::kCoordinatorLoadInProgress};
  const std::size_t before = group_.count(ApiKey::kHeartbeat);
  ASSERT_TRUE(wait_for(ApiKey::kHeartbeat, before + 4));
  EXPECT_TRUE(subject.member.is_stable());
  EXPECT_EQ(subject.told.size(), 1U);
  EXPECT_EQ(subject.member.calls().at(ApiKey::kFindCoordinator).sent, 2U);
}

TEST_F(GroupMemberTest, FencedThoughItHeartbeatsIsAFinding) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  group_.forget_members();
  ASSERT_TRUE(wait([&] { return subject.told.size() == 3; }));
  EXPECT_EQ(subject.told[1], "lost " + kAll);
  EXPECT_TRUE(subject.found(FindingId::kMemberFenced));
}

TEST_F(GroupMemberTest, FencedAfterItsSessionIsNone) {
  WireOptions options = quick();
  options.session_timeout = 20ms;
  Subject subject(loop_, group_, options);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  subject.member.pause();
  while (subject.member.is_in_session()) loop_.run_ready(1ms);
  group_.forget_members();
  subject.member.resume();
  ASSERT_TRUE(wait([&] { return subject.told.size() == 3; }));
  EXPECT_FALSE(subject.found(FindingId::kMemberFenced));
}

TEST_F(GroupMemberTest, ASecondOwnerOfAnInstanceIdFencesTheFirst) {
  WireOptions options = quick();
  options.group_instance_id = "i";
  Subject first(loop_, group_, options);
  Subject second(loop_, group_, options);
  first.member.join();
  ASSERT_TRUE(wait_stable(first));
  second.member.join();
  ASSERT_TRUE(wait([&] { return first.failure.has_value(); }));
  EXPECT_EQ(first.failure->what, "Heartbeat failed: FENCED_INSTANCE_ID");
  EXPECT_TRUE(wait_stable(second));
  EXPECT_EQ(second.member.members(), std::vector<std::string>{"i"});
}

TEST_F(GroupMemberTest, TheCoordinatorsOwnAssignmentIsAFinding) {
  group_.tamper = [](auto& all) { all.begin()->second.pop_back(); };
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_stable(subject));
  ASSERT_TRUE(subject.found(FindingId::kAssignmentNotTheLeaders));
  EXPECT_EQ(subject.findings.front().evidence,
            "the leader gave itself " + kAll + " and got orders[0] orders[1] orders[2]");
}

TEST_F(GroupMemberTest, APausedMemberSendsNothingUntilItResumes) {
  Subject subject(loop_, group_);
  subject.member.join();
  ASSERT_TRUE(wait_for(ApiKey::kHeartbeat, 1));
  subject.member.pause();
  const std::size_t before = group_.requests.size();
  // Far more than a heartbeat interval, in the eyes of another member.
  Subject other(loop_, group_);
  other.member.join();
  wait_for(ApiKey::kJoinGroup, 4);
  EXPECT_EQ(group_.count(ApiKey::kHeartbeat), 1U);
  EXPECT_EQ(group_.requests.size(), before + 3) << "only the other's, as it joins";
  subject.member.resume();
  ASSERT_TRUE(wait_stable(other));
  ASSERT_TRUE(wait_stable(subject));
}

// ---- silence ------------------------------------------------------------------------------------

TEST_F(GroupMemberTest, ExplainsASilentBrokerAndFindsIt) {
  WireOptions options = quick();
  options.request_timeout = 20ms;
  group_.silent = {ApiKey::kSyncGroup};
  Subject subject(loop_, group_, options);
  subject.member.join();
  ASSERT_TRUE(wait([&] { return subject.member.state() == State::kSyncing; }));
  EXPECT_NE(subject.member.explain().find(group_.broker.address().text() +
                                          " has not answered SyncGroup for"),
            std::string::npos)
      << subject.member.explain();
  ASSERT_TRUE(wait([&] { return subject.found(FindingId::kSilentBroker); }))
      << subject.member.explain();
  EXPECT_NE(subject.member.explain().find("SyncGroup unanswered 1 time"), std::string::npos)
      << subject.member.explain();
  group_.silent.clear();
  EXPECT_TRUE(wait_stable(subject));
}

TEST_F(GroupMemberTest, ABrokerThatGoesAwayIsSaidToBeGone) {
  Subject subject(loop_, group_);
  group_.stop();
  subject.member.join();
  ASSERT_TRUE(wait([&] {
    const auto& calls = subject.member.calls().at(ApiKey::kFindCoordinator);
    return calls.unanswered >= 2;
  }));
  EXPECT_NE(subject.member.explain().find("Connection refused"), std::string::npos);
  EXPECT_FALSE(subject.failure);
}

}  // namespace
}  // namespace ks::client
