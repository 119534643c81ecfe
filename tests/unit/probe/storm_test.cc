#include "lib/probe/storm.h"

#include "probing.h"

namespace ks::probe {
namespace {

using test::Answer;
using test::Request;
using test::SmallBroker;
using wire::ApiKey;
using Failures = std::map<std::string, std::size_t>;

constexpr std::int16_t kNotLeader = 6;
constexpr std::int16_t kNotAuthorized = 29;

class StormTest : public testing::Test {
 protected:
  StormTest() {
    subject_.topic = "orders";
    subject_.group = "billing";
  }

  void learn_versions() {
    const auto versions = wire::request_api_versions(broker_.address(), {}, in(kPlenty));
    ASSERT_TRUE(versions);
    versions_ = *versions;
  }

  void run(std::size_t connections, cli::Duration time = kPlenty) {
    learn_versions();
    Peer peer(broker_.address(), {}, kPlenty);
    Storm storm(peer, versions_, subject_, in(time));
    const auto prepared = storm.prepare();
    ASSERT_TRUE(prepared) << prepared.error().message();
    storm.run(connections, {""});
    metrics_ = storm.metrics();
    failures_ = storm.failures();
  }

  // Every third connection has `answer`.
  static auto every_third(const Answer& answer, const SmallBroker::Script& otherwise) {
    return [answer, otherwise](const Request& request) {
      return request.connection % 3 == 0 ? answer : otherwise(request);
    };
  }

  static constexpr auto kPlenty = std::chrono::seconds(30);
  static cli::Deadline in(cli::Duration time) { return cli::Clock::now() + time; }

  SmallBroker broker_;
  wire::ApiVersions versions_;
  Subject subject_;
  report::Metrics metrics_;
  Failures failures_;
};

TEST_F(StormTest, EveryConnectionDoesAllFourSteps) {
  run(100);  // more than are opened at a time
  EXPECT_EQ(failures_, Failures{});
  for (const char* step :
       {"connections", "connected", "api_versions", "metadata", "produced", "fetched"}) {
    EXPECT_EQ(metrics_.at(step), 100) << step;
  }
  EXPECT_EQ(metrics_.at("connections_failed"), 0);
  EXPECT_LE(metrics_.at("fetched_ms_p50"), metrics_.at("fetched_ms_p95"));
  EXPECT_LE(metrics_.at("fetched_ms_p95"), metrics_.at("fetched_ms_max"));
  EXPECT_LE(metrics_.at("metadata_ms_max"), metrics_.at("fetched_ms_max"));
}

TEST_F(StormTest, NoneProducesBeforeAllHaveTheirMetadata) {
  int asked = 0;  // scripts run one at a time
  int least = 1000;
  broker_.serve_only(ApiKey::kMetadata, 1, [&](const Request& request) {
    ++asked;
    return broker_.metadata(request);
  });
  broker_.serve_only(ApiKey::kProduce, 3, [&](const Request& request) {
    least = std::min(least, asked);
    return SmallBroker::produced(request, 0);
  });
  run(60);
  EXPECT_EQ(least, 60);
}

// The connection that learns the versions is the broker's number 0.
TEST_F(StormTest, WhoFailsIsCountedByTheCauseAndNotWaitedFor) {
  broker_.serve_only(ApiKey::kMetadata, 1,
                     every_third(Answer::Kind::kClose, [this](const Request& request) {
                       return broker_.metadata(request);
                     }));
  run(90);
  EXPECT_EQ(failures_, (Failures{{"Metadata: broker closed the connection", 30}}));
  EXPECT_EQ(metrics_.at("connections_failed"), 30);
  EXPECT_EQ(metrics_.at("api_versions"), 90);
  EXPECT_EQ(metrics_.at("metadata"), 60);
  EXPECT_EQ(metrics_.at("fetched"), 60);
}

TEST_F(StormTest, AnErrorCodeFailsTheConnectionAndIsNamed) {
  broker_.serve_only(ApiKey::kProduce, 3,
                     [](const Request& request) { return SmallBroker::produced(request, 0); });
  broker_.serve_only(ApiKey::kFetch, 4, [](const Request& request) {
    return SmallBroker::fetched(request, request.connection % 3 == 0 ? kNotAuthorized : 0);
  });
  run(9);
  EXPECT_EQ(failures_, (Failures{{"Fetch: TOPIC_AUTHORIZATION_FAILED", 3}}));
  EXPECT_EQ(metrics_.at("produced"), 9);
  EXPECT_EQ(metrics_.at("fetched"), 6);
  EXPECT_EQ(metrics_.at("retries"), 0);
}

TEST_F(StormTest, APartitionThatGetsItsLeaderByWhatIsSentIsNoFailure) {
  int refusals = 7;  // scripts run one at a time
  broker_.serve_only(ApiKey::kProduce, 3, [&](const Request& request) {
    return SmallBroker::produced(request, refusals-- > 0 ? kNotLeader : 0);
  });
  run(5);
  EXPECT_EQ(failures_, Failures{});
  EXPECT_EQ(metrics_.at("fetched"), 5);
  EXPECT_EQ(metrics_.at("retries"), 7);
}

TEST_F(StormTest, WhatMayPassButDoesNotIsAFailure) {
  broker_.serve_only(ApiKey::kProduce, 3, [](const Request& request) {
    return SmallBroker::produced(request, kNotLeader);
  });
  run(5);
  EXPECT_EQ(failures_, (Failures{{"Produce: NOT_LEADER_OR_FOLLOWER", 5}}));
}

TEST_F(StormTest, TwoCausesAreCountedApart) {
  broker_.serve_only(ApiKey::kProduce, 3, [](const Request& request) {
    if (request.connection == 1) return Answer(Answer::Kind::kClose);
    if (request.connection == 2) return Answer::malformed("?");
    return SmallBroker::produced(request, 0);
  });
  run(5);
  ASSERT_EQ(failures_.size(), 2U);
  EXPECT_EQ(failures_.at("Produce: broker closed the connection"), 1U);
  EXPECT_TRUE(failures_.begin()->first.starts_with("Produce v3 answer is malformed"))
      << failures_.begin()->first;
  EXPECT_EQ(failures_.begin()->second, 1U);
  EXPECT_EQ(metrics_.at("fetched"), 3);
}

TEST_F(StormTest, ASilentBrokerEndsWithTheTime) {
  broker_.serve_only(ApiKey::kProduce, 3, [](const Request& request) {
    return request.connection == 1 ? Answer(Answer::Kind::kNone)
                                   : SmallBroker::produced(request, 0);
  });
  run(4, std::chrono::seconds(2));
  EXPECT_EQ(metrics_.at("connections_failed"), 1);
  EXPECT_EQ(metrics_.at("fetched"), 3);
}

TEST_F(StormTest, WhereNobodyListensEveryConnectionFails) {
  learn_versions();
  Peer peer({"127.0.0.1", 1}, {}, kPlenty);
  Storm storm(peer, versions_, subject_, in(kPlenty));
  ASSERT_TRUE(storm.prepare());
  storm.run(100, {""});
  EXPECT_EQ(storm.metrics().at("connections_failed"), 100);
  EXPECT_EQ(storm.metrics().at("connected"), 0);
  EXPECT_EQ(storm.failures().size(), 1U);
}

TEST_F(StormTest, ABrokerWithoutFetchIsSaidToBeOne) {
  versions_.set(static_cast<std::int16_t>(ApiKey::kApiVersions), {0, 0});
  versions_.set(static_cast<std::int16_t>(ApiKey::kMetadata), {1, 1});
  versions_.set(static_cast<std::int16_t>(ApiKey::kProduce), {3, 3});
  Peer peer(broker_.address(), {}, kPlenty);
  Storm storm(peer, versions_, subject_, in(kPlenty));
  const auto prepared = storm.prepare();
  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().what, "the broker does not serve Fetch");
}

}  // namespace
}  // namespace ks::probe
