#include <gtest/gtest.h>

#include <atomic>

#include "../support/fake_cluster.h"
#include "lib/client/client.h"
#include "lib/client/requests.h"
#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

using namespace std::chrono_literals;
using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

class Told : public ConsumerListener {
 public:
  void on_record(const ConsumedRecord&) override {}
  void on_end(const TopicPartition&, std::int64_t) override {}
  void on_assigned(const std::vector<Position>&) override { ++assigned; }
  void on_revoked(const std::vector<TopicPartition>&) override { ++revoked; }
  void on_error(const cli::Error&) override {}
  void on_transient(const cli::Error&) override {}

  int assigned = 0;
  int revoked = 0;
};

Value with(ErrorCode code) { return {{"error_code", static_cast<std::int16_t>(code)}}; }

// A group of one member that gets one generation; whoever wants to join again is put off, with its
// id, as KafScale does. A test says how the other answers go.
class WireConsumerGroup : public ::testing::Test {
 protected:
  WireConsumerGroup() {
    serve(ApiKey::kFindCoordinator, 1, [this] {
      const wire::Address& address = broker().address();
      return Value{{"node_id", 0}, {"host", address.host}, {"port", address.port}};
    });
    broker().serve(ApiKey::kJoinGroup, {2, 2},
                   [this](const test::Request& request) { return join(request.body); });
    serve(ApiKey::kSyncGroup, 1, [] {
      return Value{
          {"assignment", Value::owned_bytes(encode_assignment({{test::FakeCluster::kTopic, 0}}))}};
    });
    serve(ApiKey::kHeartbeat, 1, [this] { return with(heartbeat()); });
    serve(ApiKey::kLeaveGroup, 1, [] { return with(ErrorCode::kNone); });
    serve(ApiKey::kOffsetFetch, 3, [this] {
      Value partition = {{"partition_index", 0}, {"committed_offset", 5}};
      Value topic = {{"name", test::FakeCluster::kTopic},
                     {"partitions", Value::array({std::move(partition)})}};
      Value answer = with(offset_fetch());
      answer.set("topics", Value::array({std::move(topic)}));
      return answer;
    });
    serve(ApiKey::kOffsetCommit, 2, [this] {
      Value partition = with(offset_commit());
      partition.set("partition_index", 0);
      Value topic = {{"name", test::FakeCluster::kTopic},
                     {"partitions", Value::array({std::move(partition)})}};
      return Value{{"topics", Value::array({std::move(topic)})}};
    });
    serve(ApiKey::kFetch, 4, [] { return Value{{"responses", Value::Array()}}; });
  }

  test::FakeBroker& broker() { return cluster_.broker(0); }
  void serve(ApiKey api, std::int16_t version, const std::function<Value()>& answer) {
    broker().serve(api, {version, version}, [answer](const test::Request&) { return answer(); });
  }

  Value join(const Value& asked) {
    Value answer = with(++joins == 1 ? ErrorCode::kNone : ErrorCode::kRebalanceInProgress);
    answer.set("generation_id", 1);
    answer.set("protocol_name", asked["protocols"][0]["name"]);
    answer.set("leader", "me");
    answer.set("member_id", "me");
    if (joins == 1) {
      const std::string metadata(asked["protocols"][0]["metadata"].as_bytes());
      answer.set("members",
                 Value::array({{{"member_id", "me"}, {"metadata", Value::owned_bytes(metadata)}}}));
    }
    return answer;
  }

  std::unique_ptr<Consumer> subscribe() {
    Config config;
    config.brokers = cluster_.addresses();
    config.implementation = Implementation::kWire;
    config.properties = {{"heartbeat.interval.ms", "10"}, {"retry.backoff.ms", "5"}};
    auto consumer = make_consumer(config, "g");
    EXPECT_TRUE(consumer);
    EXPECT_TRUE((*consumer)->subscribe({test::FakeCluster::kTopic}));
    return std::move(*consumer);
  }

  bool poll_until(Consumer& consumer, const std::function<bool()>& done) {
    const cli::Deadline deadline = cli::Clock::now() + 20s;
    while (!done() && cli::Clock::now() < deadline) {
      if (!consumer.poll(5ms, told_)) break;
    }
    return done();
  }

  // Answered on the broker's threads.
  std::atomic<int> joins = 0;
  std::function<ErrorCode()> heartbeat = [] { return ErrorCode::kNone; };
  std::function<ErrorCode()> offset_fetch = [] { return ErrorCode::kNone; };
  std::function<ErrorCode()> offset_commit = [] { return ErrorCode::kNone; };
  Told told_;
  test::FakeCluster cluster_{1, 1};  // last: its threads use the rest
};

// While it joins again it still has the generation in which it asked.
TEST_F(WireConsumerGroup, CommitsOfWhatWasGivenUpMeanwhileStartNothing) {
  std::atomic<bool> fetched = false;
  heartbeat = [] { return ErrorCode::kRebalanceInProgress; };
  offset_fetch = [&] {
    fetched = joins >= 2;
    return fetched ? ErrorCode::kNone : ErrorCode::kCoordinatorLoadInProgress;
  };
  const auto consumer = subscribe();
  ASSERT_TRUE(poll_until(*consumer, [&] { return fetched.load(); }));
  ASSERT_TRUE(poll_until(*consumer, [&, before = joins.load()] { return joins > before + 2; }));
  EXPECT_EQ(told_.revoked, 1);
  EXPECT_EQ(told_.assigned, 0);
  EXPECT_TRUE(broker().requests(ApiKey::kFetch).empty());
}

// A commit runs the loop, too, while nobody listens: what was assigned and lost in it is not read.
TEST_F(WireConsumerGroup, WhatWasLostBeforeAnybodyHeardOfItIsNotRead) {
  std::atomic<bool> committing = false;
  std::atomic<bool> fetched = false;
  offset_fetch = [&] {
    fetched = committing.load();
    return fetched ? ErrorCode::kNone : ErrorCode::kCoordinatorLoadInProgress;
  };
  heartbeat = [&] { return fetched ? ErrorCode::kIllegalGeneration : ErrorCode::kNone; };
  offset_commit = [&] {
    committing = true;
    return joins >= 2 ? ErrorCode::kNone : ErrorCode::kCoordinatorLoadInProgress;
  };
  const auto consumer = subscribe();
  ASSERT_TRUE(
      poll_until(*consumer, [&] { return !broker().requests(ApiKey::kOffsetFetch).empty(); }));
  EXPECT_TRUE(consumer->commit({{{test::FakeCluster::kTopic, 0}, 5}}));
  ASSERT_TRUE(poll_until(*consumer, [&, before = joins.load()] { return joins > before + 2; }));
  EXPECT_EQ(told_.revoked, 1);
  EXPECT_EQ(told_.assigned, 0);
  EXPECT_TRUE(broker().requests(ApiKey::kFetch).empty());
}

}  // namespace
}  // namespace ks::client
