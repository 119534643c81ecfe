#include "lib/membership/group_run.h"

#include <gtest/gtest.h>

#include "../support/fake_group.h"

// Every rule of ks-group is violated here by a coordinator that breaks it, and by nothing else.
namespace ks::membership {
namespace {

using namespace std::chrono_literals;
using test::FakeGroup;
using wire::ApiKey;

class GroupRunTest : public ::testing::Test {
 protected:
  GroupPlan plan(const std::string& schedule = "") {
    GroupPlan out;
    out.brokers = {group_.broker.address()};
    out.options.heartbeat_interval = 10ms;
    out.options.session_timeout = 500ms;
    out.options.rebalance_timeout = 5s;
    out.options.retry_backoff = 5ms;
    out.options.request_timeout = 5s;
    out.topic = "orders";
    out.group = "g";
    out.schedule = *parse_schedule(schedule, out.members);
    out.patience = 5s;
    return out;
  }

  cli::Result<void> run(const GroupPlan& plan) {
    GroupRun run(
        loop_, plan, [this](const wire::Finding& finding) { findings_.push_back(finding); },
        [this](const history::Event& event) { events_.push_back(event); });
    auto done = run.run(cli::Clock::now() + 20s);
    run.fill(result_);
    return done;
  }

  // The rules that were violated.
  std::vector<std::string> rules() const {
    std::vector<std::string> out;
    for (const auto& anomaly : result_.anomalies) out.push_back(anomaly.type);
    return out;
  }
  std::vector<std::string> only(const char* rule) const { return {rule}; }
  std::size_t count(history::Kind kind) const {
    return static_cast<std::size_t>(std::count_if(
        events_.begin(), events_.end(), [kind](const auto& e) { return e.kind == kind; }));
  }

  wire::Loop loop_;
  FakeGroup group_{loop_};
  report::Result result_;
  std::vector<wire::Finding> findings_;
  std::vector<history::Event> events_;
};

TEST_F(GroupRunTest, AHealthyGroupPasses) {
  ASSERT_TRUE(run(plan()));
  EXPECT_EQ(rules(), std::vector<std::string>{});
  EXPECT_EQ(result_.metrics.at("members"), 3);
  EXPECT_EQ(result_.metrics.at("partitions"), 4);
  EXPECT_EQ(result_.metrics.at("leavegroup_ok"), 3);
  EXPECT_GE(result_.metrics.at("heartbeat_ok"), 3);
  EXPECT_GE(result_.metrics.at("commits"), 3);
  EXPECT_EQ(result_.metrics.count("rebalance_ms_max"), 0U) << "nothing was scheduled";
  EXPECT_EQ(group_.size(), 0U);
  EXPECT_GE(count(history::Kind::kAssign), 4U);
  EXPECT_EQ(count(history::Kind::kAssign), count(history::Kind::kRevoke));
  EXPECT_GE(count(history::Kind::kCommit), 4U);
  for (const history::Event& event : events_) {
    if (event.kind != history::Kind::kCommit) continue;
    EXPECT_LT(event.invoke_ns, event.time_ns) << "a commit takes effect between the two";
  }
  EXPECT_TRUE(findings_.empty());
}

TEST_F(GroupRunTest, WhatALeaverHeldIsNotUnassignedBeforeTheNextGeneration) {
  group_.lists_only_the_leader = true;
  // As a coordinator that shares the partitions out by itself.
  group_.tamper = [this](auto& all) {
    if (group_.size() < 2) return;
    all = {{"member-1", {{"orders", 0}, {"orders", 1}}},
           {"member-2", {{"orders", 2}, {"orders", 3}}}};
  };
  GroupPlan two = plan();
  two.members = 2;
  two.schedule = *parse_schedule("10ms leave 2", two.members);
  ASSERT_TRUE(run(two));
  EXPECT_EQ(rules(), std::vector<std::string>{});
  EXPECT_GE(result_.metrics.at("generations"), 2);
}

TEST_F(GroupRunTest, AHealthyGroupPassesThroughJoinsLeavesKillsAndPauses) {
  ASSERT_TRUE(
      run(plan("10ms join; 20ms leave 1; 30ms kill 2; 1200ms pause 3 for 900ms; 2500ms join 1")));
  EXPECT_EQ(rules(), std::vector<std::string>{});
  EXPECT_EQ(result_.metrics.at("fenced_heartbeats_refused"), 1);
  EXPECT_GE(result_.metrics.at("fenced_commits_refused"), 4);
  EXPECT_EQ(result_.metrics.count("takeover_ms_max"), 1U);
}

TEST_F(GroupRunTest, StaticMembersComeBackUnderTheirInstanceId) {
  GroupPlan with_ids = plan("10ms kill 1; 50ms join 1; 100ms leave 2; 150ms join 2");
  with_ids.options.group_instance_id = "i";
  ASSERT_TRUE(run(with_ids));
  EXPECT_EQ(rules(), std::vector<std::string>{});
  EXPECT_EQ(group_.count(ApiKey::kLeaveGroup), 0U);
}

TEST_F(GroupRunTest, APartitionAssignedTwice) {
  group_.tamper = [](auto& all) { all.begin()->second.push_back({"orders", 3}); };
  ASSERT_TRUE(run(plan()));
  EXPECT_EQ(rules(), only(kAssignedTwice));
}

TEST_F(GroupRunTest, APartitionLeftOut) {
  group_.tamper = [](auto& all) { all.rbegin()->second.clear(); };
  ASSERT_TRUE(run(plan()));
  EXPECT_EQ(rules(), only(kUnassigned));
}

TEST_F(GroupRunTest, APartitionThatIsNotThere) {
  group_.tamper = [](auto& all) { all.begin()->second.push_back({"orders", 9}); };
  ASSERT_TRUE(run(plan()));
  EXPECT_EQ(rules(), only(kStrayAssignment));
}

TEST_F(GroupRunTest, LeadersThatDiffer) {
  group_.names_other_leaders = true;
  ASSERT_TRUE(run(plan()));
  EXPECT_EQ(rules(), only(kLeadersDiffer));
}

TEST_F(GroupRunTest, AcceptedCommitsOfTheFenced) {
  group_.accepts_fenced_commits = true;
  ASSERT_TRUE(run(plan("10ms pause 3 for 800ms")));
  EXPECT_EQ(rules(), only(kFencedCommitAccepted));
}

TEST_F(GroupRunTest, AcceptedHeartbeatsOfTheFenced) {
  group_.accepts_fenced_heartbeats = true;
  GroupPlan impatient = plan("10ms pause 3 for 800ms");
  impatient.patience = 300ms;
  ASSERT_TRUE(run(impatient));
  EXPECT_EQ(rules(), (std::vector<std::string>{kFencedHeartbeatAccepted, kNotSettled}))
      << "it never hears that it has to join again";
}

TEST_F(GroupRunTest, RefusedCommitsOfMembers) {
  group_.refuses_commits = true;
  ASSERT_TRUE(run(plan()));
  EXPECT_EQ(rules(), only(kCommitRefused));
}

TEST_F(GroupRunTest, AGenerationThatGoesBack) {
  group_.generation = 5;
  group_.generation_step = -1;
  ASSERT_TRUE(run(plan("10ms join")));
  EXPECT_EQ(rules(), only(kGenerationRegressed));
}

TEST_F(GroupRunTest, AGroupThatDoesNotSettleSaysWhy) {
  group_.silent = {ApiKey::kSyncGroup};
  GroupPlan impatient = plan();
  impatient.patience = 100ms;
  impatient.options.session_timeout = 100ms;
  ASSERT_TRUE(run(impatient));
  EXPECT_EQ(rules(), only(kNotSettled));
  EXPECT_NE(result_.reason.find("has not answered SyncGroup for"), std::string::npos)
      << result_.reason;
}

TEST_F(GroupRunTest, OthersInTheGroupAreNoFaultOfTheBrokers) {
  client::WireOptions options = plan().options;
  options.session_timeout = 30s;
  client::Cluster cluster(loop_, {group_.broker.address()}, options);
  client::ConsumerGroupMember stranger(cluster, "g", {"orders"}, {});
  stranger.join();
  GroupPlan impatient = plan();
  impatient.patience = 100ms;
  const auto done = run(impatient);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what.find("the group has other members"), std::string::npos);
  EXPECT_EQ(rules(), std::vector<std::string>{});
}

TEST_F(GroupRunTest, AnUnknownTopicIsNoTest) {
  GroupPlan other = plan();
  other.topic = "none";
  const auto done = run(other);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, "unknown topic");
}

TEST_F(GroupRunTest, ABrokerThatGoesAwayIsNoticedWithoutAnyEvent) {
  GroupPlan long_run = plan();
  long_run.duration = 15s;
  long_run.patience = 100ms;
  wire::Timer timer(loop_);
  timer.set(cli::Clock::now() + 300ms, [this] { group_.stop(); });
  ASSERT_TRUE(run(long_run));
  EXPECT_EQ(rules(), only(kNotSettled));
  EXPECT_NE(result_.reason.find("member 1: no heartbeat was accepted for"), std::string::npos)
      << result_.reason;
  EXPECT_NE(result_.reason.find("Connection refused"), std::string::npos) << result_.reason;
}

}  // namespace
}  // namespace ks::membership
