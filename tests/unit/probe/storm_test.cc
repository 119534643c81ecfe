#include "lib/probe/storm.h"

#include <gtest/gtest.h>

#include "../support/fake_broker.h"
#include "lib/wire/error_code.h"

namespace ks::probe {
namespace {

using namespace std::chrono_literals;
using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

constexpr std::size_t kConnections = 5;
constexpr ErrorCode kNotAuthorized{29};
constexpr ErrorCode kNotLeader{6};

// A broker of one topic, whose Produce gives these errors one after the other, then none.
class StormTest : public ::testing::Test {
 protected:
  StormTest() {
    serve(ApiKey::kMetadata, [](const auto&) { return Value::structure(); });
    serve(ApiKey::kFetch, [](const auto&) { return Value::structure(); });
    serve(ApiKey::kProduce, [this](const auto&) {
      auto error = ErrorCode::kNone;
      if (!errors_.empty()) {
        error = errors_.back();
        errors_.pop_back();
      }
      return Value{
          {"responses",
           Value::array({{{"name", "topic"},
                          {"partition_responses",
                           Value::array({{{"index", 0},
                                          {"error_code", static_cast<std::int64_t>(error)}}})}}})}};
    });
  }

  void serve(ApiKey api, test::FakeBroker::Script script) {
    const wire::VersionRange versions{3, 3};
    broker_.serve(api, versions, std::move(script));
    versions_.set(static_cast<std::int16_t>(api), versions);
  }

  void run() {
    versions_.set(static_cast<std::int16_t>(ApiKey::kApiVersions), {0, 4});
    Subject subject;
    subject.topic = "topic";
    const client::WireOptions options;
    Peer peer(broker_.address(), options, 10s);
    Storm storm(peer, versions_, subject, cli::Clock::now() + 60s);
    ASSERT_TRUE(storm.prepare());
    storm.run(kConnections, {""});
    metrics_ = storm.metrics();
    failures_ = storm.failures();
  }

  std::vector<ErrorCode> errors_;
  test::FakeBroker broker_;
  wire::ApiVersions versions_;
  report::Metrics metrics_;
  std::map<std::string, std::size_t> failures_;
};

TEST_F(StormTest, APartitionThatGetsItsLeaderByWhatIsSentIsNoFailure) {
  errors_.assign(7, kNotLeader);
  run();
  EXPECT_EQ(failures_, (std::map<std::string, std::size_t>{}));
  EXPECT_EQ(metrics_.at("fetched"), kConnections);
  EXPECT_EQ(metrics_.at("retries"), 7);
}

TEST_F(StormTest, WhatMayPassButDoesNotIsAFailure) {
  errors_.assign(1000, kNotLeader);
  run();
  EXPECT_EQ(
      failures_,
      (std::map<std::string, std::size_t>{{"Produce: NOT_LEADER_OR_FOLLOWER", kConnections}}));
  EXPECT_EQ(metrics_.at("connections_failed"), kConnections);
}

TEST_F(StormTest, AnErrorThatDoesNotPassIsAFailureAtOnce) {
  errors_.assign(1, kNotAuthorized);
  run();
  EXPECT_EQ(failures_,
            (std::map<std::string, std::size_t>{{"Produce: TOPIC_AUTHORIZATION_FAILED", 1}}));
  EXPECT_EQ(metrics_.at("retries"), 0);
}

}  // namespace
}  // namespace ks::probe
