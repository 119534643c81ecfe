#include <gtest/gtest.h>

#include <vector>

#include "lib/client/client.h"
#include "mock_cluster.h"

namespace ks::client {
namespace {

constexpr auto kLongestWait = std::chrono::seconds(20);

class Seen : public ConsumerListener {
 public:
  void on_record(const ConsumedRecord&) override { ++records; }
  void on_end(const TopicPartition&, std::int64_t) override { ++ends; }
  void on_assigned(const std::vector<Position>&) override {}
  void on_revoked(const std::vector<TopicPartition>&) override {}
  void on_error(const cli::Error& error) override {
    errors.push_back(error.message());
    codes.push_back(error.code);
  }
  void on_transient(const cli::Error& error) override { transient.push_back(error.message()); }

  int records = 0;
  int ends = 0;
  std::vector<std::string> errors;
  std::vector<std::string> codes;
  std::vector<std::string> transient;
};

TEST(RdkafkaConsumer, AnOffsetThatIsNotInTheLogIsAnErrorNotAnotherStart) {
  const MockCluster cluster;
  const auto consumer = make_consumer(cluster.config(), "");
  ASSERT_TRUE(consumer);
  ASSERT_TRUE((*consumer)->assign({{{"orders", 0}, 99}}));
  Seen seen;
  const cli::Deadline deadline = cli::Clock::now() + kLongestWait;
  while (seen.errors.empty() && seen.ends == 0 && cli::Clock::now() < deadline) {
    ASSERT_TRUE((*consumer)->poll(std::chrono::milliseconds(50), seen));
  }
  (*consumer)->close(seen);
  ASSERT_EQ(seen.errors.size(), 1u);
  EXPECT_EQ(seen.errors[0], "fetch failed: offset 99 is not in the log (any more): orders[0]");
  EXPECT_EQ(seen.ends, 0);
}

TEST(RdkafkaConsumer, WhoReadsByPartitionNeedsNoCoordinator) {
  const MockCluster cluster;
  constexpr std::int16_t kFindCoordinator = 10;
  cluster.refuse(kFindCoordinator, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, 100);
  const auto consumer = make_consumer(cluster.config(), "");
  ASSERT_TRUE(consumer);
  ASSERT_TRUE((*consumer)->assign({{{"orders", 0}, 0}}));
  Seen seen;
  const cli::Deadline deadline = cli::Clock::now() + kLongestWait;
  while (seen.ends == 0 && seen.errors.empty() && cli::Clock::now() < deadline) {
    ASSERT_TRUE((*consumer)->poll(std::chrono::milliseconds(50), seen));
  }
  (*consumer)->close(seen);
  EXPECT_EQ(seen.ends, 1);
  EXPECT_TRUE(seen.errors.empty()) << seen.errors[0];
}

TEST(RdkafkaConsumer, ARefusalHasTheNameThatKafkaGivesIt) {
  constexpr std::int16_t kJoinGroup = 11;
  const MockCluster cluster;
  cluster.refuse(kJoinGroup, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, 100);
  const auto consumer = make_consumer(cluster.config(), "billing");
  ASSERT_TRUE(consumer);
  ASSERT_TRUE((*consumer)->subscribe({"orders"}));
  Seen seen;
  const cli::Deadline deadline = cli::Clock::now() + kLongestWait;
  while (seen.errors.empty() && cli::Clock::now() < deadline) {
    ASSERT_TRUE((*consumer)->poll(std::chrono::milliseconds(50), seen));
  }
  ASSERT_FALSE(seen.codes.empty());
  EXPECT_EQ(seen.codes[0], "GROUP_AUTHORIZATION_FAILED");
}

TEST(RdkafkaHandle, NamesAsKafkaDoesWhatABrokerSaidAndAsItselfWhatItMadeUp) {
  EXPECT_EQ(code_name(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART), "UNKNOWN_TOPIC_OR_PARTITION");
  EXPECT_EQ(code_name(RD_KAFKA_RESP_ERR_UNKNOWN), "UNKNOWN_SERVER_ERROR");
  EXPECT_EQ(code_name(RD_KAFKA_RESP_ERR__TIMED_OUT), "_TIMED_OUT");
}

TEST(RdkafkaConsumer, AConnectionThatBreaksIsToldInItsWordsAndIsNoError) {
  const MockCluster cluster;
  const auto consumer = make_consumer(cluster.config(), "");
  ASSERT_TRUE(consumer);
  ASSERT_TRUE((*consumer)->assign({{{"orders", 0}, 0}}));
  Seen seen;
  const cli::Deadline deadline = cli::Clock::now() + kLongestWait;
  while (seen.ends == 0 && cli::Clock::now() < deadline) {
    ASSERT_TRUE((*consumer)->poll(std::chrono::milliseconds(50), seen));
  }
  ASSERT_EQ(seen.ends, 1);
  EXPECT_EQ((*consumer)->disconnects(), 0U);
  cluster.go_down();
  while (seen.transient.empty() && cli::Clock::now() < deadline) {
    ASSERT_TRUE((*consumer)->poll(std::chrono::milliseconds(50), seen));
  }
  (*consumer)->close(seen);
  ASSERT_FALSE(seen.transient.empty());
  EXPECT_GT((*consumer)->disconnects(), 0U);
  EXPECT_NE(seen.transient[0].find("isconnect"), std::string::npos) << seen.transient[0];
  EXPECT_TRUE(seen.errors.empty()) << seen.errors[0];
}

}  // namespace
}  // namespace ks::client
