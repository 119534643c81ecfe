#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "lib/client/client.h"
#include "mock_cluster.h"

namespace ks::client {
namespace {

// After a fatal error librdkafka purges what it holds, and tells of each record only that it did.
TEST(RdkafkaProducer, WhatIsPurgedAfterAFatalErrorNamesThatError) {
  const MockCluster cluster;
  constexpr std::int16_t kProduce = 0;
  cluster.refuse(kProduce, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, 1);
  Config config = cluster.config();
  config.properties["enable.idempotence"] = "true";
  config.properties["batch.num.messages"] = "1";
  std::vector<std::string> errors;
  const auto producer = make_producer(config, "orders", [&](auto deliveries) {
    for (const Delivery& delivery : deliveries) {
      if (!delivery.error.empty()) errors.emplace_back(delivery.error);
    }
  });
  ASSERT_TRUE(producer);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE((*producer)->send({0, {}, "value", {}, 0}));
  const cli::Deadline deadline = cli::Clock::now() + std::chrono::seconds(20);
  while ((*producer)->in_flight() > 0 && cli::Clock::now() < deadline) {
    (*producer)->poll(std::chrono::milliseconds(50));
  }
  ASSERT_FALSE(errors.empty());
  // That of the record that met it is Kafka's text of the error, the others' has its name.
  for (const std::string& error : errors) {
    const bool is_named = error.find("out of order sequence number") != std::string::npos ||
                          error.find("OUT_OF_ORDER_SEQUENCE_NUMBER") != std::string::npos;
    EXPECT_TRUE(is_named) << error;
  }
  const auto refused = (*producer)->send({0, {}, "value", {}, 0});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("OUT_OF_ORDER_SEQUENCE_NUMBER"), std::string::npos)
      << refused.error().what;
}

// Whoever answered that may have written it all the same (KAFKA-13574).
TEST(RdkafkaProducer, WhatALeaderThatMovedMayHaveWrittenIsUnknown) {
  const auto outcome_after = [](rd_kafka_resp_err_t error, std::size_t times) {
    const MockCluster cluster;
    constexpr std::int16_t kProduce = 0;
    cluster.refuse(kProduce, error, times);
    Config config = cluster.config();
    config.properties["message.timeout.ms"] = "300";
    config.properties["retry.backoff.ms"] = "20";
    std::optional<Outcome> outcome;
    const auto producer = make_producer(
        config, "orders", [&](auto deliveries) { outcome = deliveries.front().outcome; });
    EXPECT_TRUE((*producer)->send({0, {}, "value", {}, 0}));
    const cli::Deadline deadline = cli::Clock::now() + std::chrono::seconds(20);
    while (!outcome && cli::Clock::now() < deadline) {
      (*producer)->poll(std::chrono::milliseconds(10));
    }
    return outcome;
  };
  constexpr std::size_t kForEver = 1000;
  EXPECT_EQ(outcome_after(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, kForEver), Outcome::kUnknown);
  EXPECT_EQ(outcome_after(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1), Outcome::kFailed);
  EXPECT_EQ(outcome_after(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, 1), Outcome::kFailed);
}

TEST(RdkafkaProducer, ATopicThatMayNotBeUsedIsNoMatterOfWaiting) {
  const MockCluster cluster;
  cluster.refuse_topic(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  const auto producer = make_producer(cluster.config(), "orders", [](auto) {});
  ASSERT_TRUE(producer);
  const auto partitions = (*producer)->partitions(cli::Clock::now() + std::chrono::hours(1));
  ASSERT_FALSE(partitions);
  EXPECT_EQ(partitions.error().code, "TOPIC_AUTHORIZATION_FAILED");
}

TEST(RdkafkaProducer, CountsTheConnectionsThatBroke) {
  const MockCluster cluster;
  const auto producer = make_producer(cluster.config(), "orders", [](auto) {});
  ASSERT_TRUE(producer);
  const cli::Deadline deadline = cli::Clock::now() + std::chrono::seconds(20);
  const auto poll_until = [&](const auto& done) {
    while (!done() && cli::Clock::now() < deadline)
      (*producer)->poll(std::chrono::milliseconds(50));
  };
  ASSERT_TRUE((*producer)->send({0, {}, "value", {}, 0}));
  poll_until([&] { return (*producer)->in_flight() == 0; });
  EXPECT_EQ((*producer)->disconnects(), 0U);
  cluster.go_down();
  poll_until([&] { return (*producer)->disconnects() > 0; });
  EXPECT_GT((*producer)->disconnects(), 0U);
}

}  // namespace
}  // namespace ks::client
