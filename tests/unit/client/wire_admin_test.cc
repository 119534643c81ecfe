#include "lib/client/wire_admin.h"

#include <gtest/gtest.h>

#include "../support/fake_broker.h"
#include "lib/client/requests.h"

namespace ks::client {
namespace {

using wire::ApiKey;
using wire::Value;

// A broker that describes one group, which it coordinates itself.
class WireAdminTest : public ::testing::Test {
 protected:
  // What is noticed of a group of that state, whose members have these assignments.
  std::vector<std::string> notices(const std::string& state,
                                   const std::vector<std::string>& assignments) {
    Value::Array members;
    for (const std::string& assignment : assignments) {
      members.push_back(
          {{"member_id", "m"}, {"member_assignment", Value::owned_bytes(assignment)}});
    }
    const Value group = {{"group_id", "g"}, {"group_state", state}, {"members", members}};
    coordinate();
    broker_.serve(ApiKey::kDescribeGroups, {5, 5}, [group](const test::Request&) {
      return Value{{"groups", Value::array({group})}};
    });
    std::vector<std::string> out;
    Config config;
    config.brokers = {broker_.address().text()};
    config.on_finding = [&](const wire::Finding& finding) {
      out.push_back(std::string(wire::kind_of(finding.id).name) + ": " + finding.evidence);
    };
    auto admin = WireAdmin::open(config);
    EXPECT_TRUE(admin &&
                (*admin)->describe_group("g", cli::Clock::now() + std::chrono::seconds(10)));
    return out;
  }

  void coordinate() {
    broker_.serve(ApiKey::kFindCoordinator, {3, 3}, [this](const test::Request&) {
      return Value{
          {"node_id", 0}, {"host", broker_.address().host}, {"port", broker_.address().port}};
    });
  }

  void serve_metadata() {
    broker_.serve(ApiKey::kMetadata, {1, 12}, [this](const test::Request&) {
      const Value broker = {
          {"node_id", 0}, {"host", broker_.address().host}, {"port", broker_.address().port}};
      return Value{{"brokers", Value::array({broker})}};
    });
  }

  test::FakeBroker broker_;
};

TEST_F(WireAdminTest, AStableGroupWithoutAnyAssignmentIsNoticed) {
  EXPECT_EQ(notices("Stable", {"", ""}),
            std::vector<std::string>{"assignments-undescribed: DescribeGroups v5 of g: 2 members, "
                                     "none with an assignment"});
}

TEST_F(WireAdminTest, MembersWithoutPartitionsAndGroupsBetweenGenerationsAreNot) {
  EXPECT_TRUE(notices("Stable", {encode_assignment({})}).empty());
  EXPECT_TRUE(notices("Stable", {encode_assignment({{"orders", 0}}), ""}).empty());
  EXPECT_TRUE(notices("PreparingRebalance", {""}).empty());
  EXPECT_TRUE(notices("Empty", {}).empty());
}

// The broker goes on with what it did not do in time.
TEST_F(WireAdminTest, AfterATimeOutATopicThatIsThereWasCreatedAndOneThatIsGoneDeleted) {
  constexpr std::int16_t kRequestTimedOut = 7;
  constexpr std::int16_t kTopicAlreadyExists = 36;
  constexpr std::int16_t kUnknownTopicOrPartition = 3;
  for (const bool times_out : {true, false}) {
    SCOPED_TRACE(times_out);
    int created = 0;
    int deleted = 0;
    broker_.serve(ApiKey::kCreateTopics, {2, 2}, [&](const test::Request&) {
      const std::int16_t code =
          times_out && created++ == 0 ? kRequestTimedOut : kTopicAlreadyExists;
      return Value{{"topics", Value::array({{{"name", "orders"}, {"error_code", code}}})}};
    });
    broker_.serve(ApiKey::kDeleteTopics, {1, 1}, [&](const test::Request&) {
      const std::int16_t code =
          times_out && deleted++ == 0 ? kRequestTimedOut : kUnknownTopicOrPartition;
      return Value{{"responses", Value::array({{{"name", "orders"}, {"error_code", code}}})}};
    });
    serve_metadata();
    Config config;
    config.brokers = {broker_.address().text()};
    const auto admin = WireAdmin::open(config);
    ASSERT_TRUE(admin);
    const auto deadline = cli::Clock::now() + std::chrono::seconds(10);
    NewTopic topic;
    topic.name = "orders";
    topic.partitions = 1;
    topic.replication_factor = 1;
    EXPECT_EQ((*admin)->create_topic(topic, deadline).has_value(), times_out);
    EXPECT_EQ((*admin)->delete_topic("orders", deadline).has_value(), times_out);
  }
}

TEST_F(WireAdminTest, ACommitIsAnsweredByItsPartitionsAlone) {
  constexpr std::int16_t kGroupAuthorizationFailed = 30;
  std::int16_t code = 0;
  coordinate();
  broker_.serve(ApiKey::kOffsetCommit, {3, 3}, [&code](const test::Request&) {
    Value partition = {{"partition_index", 1}, {"error_code", code}};
    return Value{{"topics",
                  Value::array({{{"name", "orders"}, {"partitions", Value::array({partition})}}})}};
  });
  Config config;
  config.brokers = {broker_.address().text()};
  const auto admin = WireAdmin::open(config);
  ASSERT_TRUE(admin);
  const auto commit = [&] {
    return (*admin)->commit("g", {{{"orders", 1}, 7}},
                            cli::Clock::now() + std::chrono::seconds(10));
  };
  EXPECT_TRUE(commit());
  code = kGroupAuthorizationFailed;
  const auto refused = commit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "OffsetCommit failed: GROUP_AUTHORIZATION_FAILED: g");
  EXPECT_EQ(refused.error().code, "GROUP_AUTHORIZATION_FAILED");
}

TEST_F(WireAdminTest, AGroupThatIsNotThereIsDeadInEveryVersion) {
  coordinate();
  constexpr std::int64_t kGroupIdNotFound = 69;
  broker_.serve(ApiKey::kDescribeGroups, {6, 6}, [](const test::Request&) {
    return Value{{"groups", Value::array({{{"group_id", "g"}, {"error_code", kGroupIdNotFound}}})}};
  });
  Config config;
  config.brokers = {broker_.address().text()};
  auto admin = WireAdmin::open(config);
  ASSERT_TRUE(admin);
  const auto group = (*admin)->describe_group("g", cli::Clock::now() + std::chrono::seconds(10));
  ASSERT_TRUE(group) << group.error().message();
  EXPECT_EQ(group->state, "Dead");
  EXPECT_TRUE(group->members.empty());
}

TEST_F(WireAdminTest, ABrokerMayGoOnceItHasDescribedTheGroup) {
  bool is_gone = false;
  broker_.serve(ApiKey::kFindCoordinator, {3, 3}, [&](const test::Request&) -> test::Answer {
    if (is_gone) return test::Answer::Kind::kClose;
    return Value{
        {"node_id", 0}, {"host", broker_.address().host}, {"port", broker_.address().port}};
  });
  const Value group = {{"group_id", "g"}, {"group_state", "Empty"}};
  broker_.serve(ApiKey::kDescribeGroups, {5, 5}, [&](const test::Request&) {
    is_gone = true;
    return Value{{"groups", Value::array({group})}};
  });
  Config config;
  config.brokers = {broker_.address().text()};
  auto admin = WireAdmin::open(config);
  ASSERT_TRUE(admin);
  const auto seen = (*admin)->describe_group("g", cli::Clock::now() + std::chrono::seconds(10));
  ASSERT_TRUE(seen) << seen.error().message();
  EXPECT_EQ(seen->state, "Empty");
  EXPECT_EQ(broker_.requests(ApiKey::kFindCoordinator).size(), 1U);
}

TEST_F(WireAdminTest, ATopicThatTheControllerDoesNotKnowIsAskedForOnce) {
  constexpr std::int16_t kUnknownTopic = 3;
  constexpr std::int16_t kNotController = 41;
  std::vector<std::int16_t> answers{kNotController, kUnknownTopic};
  std::size_t asked = 0;
  serve_metadata();
  broker_.serve(ApiKey::kDeleteTopics, {1, 1}, [&](const test::Request&) {
    const std::int16_t code = answers.at(asked++);  // a third time there is none
    return Value{{"responses", Value::array({{{"name", "gone"}, {"error_code", code}}})}};
  });
  Config config;
  config.brokers = {broker_.address().text()};
  const auto admin = WireAdmin::open(config);
  ASSERT_TRUE(admin);
  const auto deleted = (*admin)->delete_topic("gone", cli::Clock::now() + std::chrono::seconds(10));
  ASSERT_FALSE(deleted);
  EXPECT_EQ(deleted.error().code, "UNKNOWN_TOPIC_OR_PARTITION");
  EXPECT_EQ(asked, 2U);
}

}  // namespace
}  // namespace ks::client
