#include <gtest/gtest.h>

#include <algorithm>

#include "../support/fake_cluster.h"
#include "lib/client/client.h"
#include "lib/wire/record_batch_builder.h"

namespace ks::client {
namespace {

using wire::ApiKey;
using wire::Value;

constexpr auto kLongestWait = std::chrono::seconds(20);

class Seen : public ConsumerListener {
 public:
  void on_record(const ConsumedRecord&) override { ++records; }
  void on_end(const TopicPartition&, std::int64_t) override {}
  void on_assigned(const std::vector<Position>&) override {}
  void on_revoked(const std::vector<TopicPartition>&) override {}
  void on_error(const cli::Error& error) override {
    errors.push_back(error.message());
    codes.push_back(error.code);
  }
  void on_transient(const cli::Error& error) override { transients.push_back(error.message()); }

  int records = 0;
  std::vector<std::string> errors;
  std::vector<std::string> codes;
  std::vector<std::string> transients;
};

// The first bytes of a batch, as many as `most` says.
Value fetched(std::size_t most) {
  wire::RecordBatchBuilder builder;
  builder.append({0, std::nullopt, "one", {}});
  const std::string batch(*builder.finish({}));
  Value partition = {{"partition_index", 0},
                     {"high_watermark", 1},
                     {"records", Value::owned_bytes(batch.substr(0, most))}};
  Value topic = {{"topic", test::FakeCluster::kTopic},
                 {"topic_id", test::FakeCluster::kTopicId},
                 {"partitions", Value::array({std::move(partition)})}};
  return {{"responses", Value::array({std::move(topic)})}};
}

std::vector<std::int64_t> sizes_asked(const test::FakeBroker& broker) {
  std::vector<std::int64_t> out;
  for (const test::Request& request : broker.requests(ApiKey::kFetch)) {
    out.push_back(request.body["topics"][0]["partitions"][0]["partition_max_bytes"].as_int());
  }
  return out;
}

Seen consume(const test::FakeCluster& cluster, std::int64_t from = 0) {
  Config config;
  config.brokers = cluster.addresses();
  config.implementation = Implementation::kWire;
  config.properties = {
      {"client.id", "me"}, {"max.partition.fetch.bytes", "1000"}, {"fetch.max.bytes", "3000"}};
  const auto consumer = make_consumer(config, "");
  Seen seen;
  if (!consumer || !(*consumer)->assign({{{test::FakeCluster::kTopic, 0}, from}})) return seen;
  const cli::Deadline deadline = cli::Clock::now() + kLongestWait;
  while (seen.errors.empty() && seen.records == 0 && cli::Clock::now() < deadline) {
    if (!(*consumer)->poll(std::chrono::milliseconds(50), seen)) break;
  }
  return seen;
}

TEST(WireConsumer, AsksUnderItsClientId) {
  test::FakeCluster cluster(1, 1);
  cluster.broker(0).serve(ApiKey::kFetch, {4, 17},
                          [](const test::Request&) { return fetched(100'000); });
  consume(cluster);
  for (const ApiKey api : {ApiKey::kMetadata, ApiKey::kFetch}) {
    const auto requests = cluster.broker(0).requests(api);
    ASSERT_FALSE(requests.empty());
    for (const test::Request& request : requests) EXPECT_EQ(request.client_id, "me");
  }
}

TEST(WireConsumer, ARefusalHasTheNameThatTheBrokerGaveIt) {
  constexpr std::int16_t kTopicAuthorizationFailed = 29;
  test::FakeCluster cluster(1, 1);
  cluster.broker(0).serve(ApiKey::kFetch, {4, 17}, [](const test::Request&) {
    Value partition = {{"partition_index", 0}, {"error_code", kTopicAuthorizationFailed}};
    return Value{{"responses", Value::array({{{"topic", test::FakeCluster::kTopic},
                                              {"topic_id", test::FakeCluster::kTopicId},
                                              {"partitions", Value::array({partition})}}})}};
  });
  const Seen seen = consume(cluster);
  ASSERT_EQ(seen.errors.size(), 1U);
  EXPECT_EQ(seen.codes[0], "TOPIC_AUTHORIZATION_FAILED");
}

Value offset_listed(std::int64_t offset, std::int16_t code) {
  Value partition = {{"partition_index", 0}, {"error_code", code}, {"offset", offset}};
  return {{"topics", Value::array({{{"name", test::FakeCluster::kTopic},
                                    {"partitions", Value::array({std::move(partition)})}}})}};
}

TEST(WireConsumer, ARefusedLookUpOfTheBeginningIsAnError) {
  constexpr std::int16_t kTopicAuthorizationFailed = 29;
  test::FakeCluster cluster(1, 1);
  cluster.broker(0).serve(ApiKey::kListOffsets, {1, 1}, [](const test::Request&) {
    return offset_listed(-1, kTopicAuthorizationFailed);
  });
  const Seen seen = consume(cluster, kBeginning);
  ASSERT_EQ(seen.errors.size(), 1U);
  EXPECT_EQ(seen.errors[0], "ListOffsets failed: TOPIC_AUTHORIZATION_FAILED: orders[0]");
  EXPECT_EQ(seen.codes[0], "TOPIC_AUTHORIZATION_FAILED");
}

// -1 would be the end, as what is asked for.
TEST(WireConsumer, ABeginningThatIsNotToldIsAskedForAgain) {
  test::FakeCluster cluster(1, 1);
  std::vector<std::int64_t> asked;
  cluster.broker(0).serve(ApiKey::kListOffsets, {1, 1}, [&](const test::Request& request) {
    asked.push_back(request.body["topics"][0]["partitions"][0]["timestamp"].as_int());
    return offset_listed(asked.size() == 1 ? -1 : 0, 0);
  });
  cluster.broker(0).serve(ApiKey::kFetch, {4, 13},
                          [](const test::Request&) { return fetched(100'000); });
  const Seen seen = consume(cluster, kBeginning);
  EXPECT_EQ(seen.records, 1);
  EXPECT_EQ(asked, (std::vector<std::int64_t>{kBeginning, kBeginning}));
  ASSERT_EQ(seen.transients.size(), 1U);
  EXPECT_EQ(seen.transients[0], "ListOffsets answered without an offset: orders[0]");
}

TEST(WireConsumer, ABatchThatIsCutOffIsAskedForWithMoreRoom) {
  test::FakeCluster cluster(1, 1);
  cluster.broker(0).serve(ApiKey::kFetch, {4, 13}, [](const test::Request& request) {
    const Value& asked = request.body["topics"][0]["partitions"][0];
    return fetched(asked["partition_max_bytes"].as_int() < 2000 ? 20 : 1000);
  });
  const Seen seen = consume(cluster);
  EXPECT_EQ(seen.records, 1);
  EXPECT_TRUE(seen.errors.empty());
}

TEST(WireConsumer, ABatchThatStaysCutOffIsAnError) {
  test::FakeCluster cluster(1, 1);
  cluster.broker(0).serve(ApiKey::kFetch, {4, 13},
                          [](const test::Request&) { return fetched(20); });
  const Seen seen = consume(cluster);
  ASSERT_EQ(seen.errors.size(), 1u);
  EXPECT_EQ(seen.errors[0],
            "the batch is cut off, although 3000 bytes were asked for: orders[0] at offset 0; "
            "raise max.partition.fetch.bytes and fetch.max.bytes");
  EXPECT_EQ(seen.records, 0);
  const auto sizes = sizes_asked(cluster.broker(0));
  EXPECT_EQ(*std::max_element(sizes.begin(), sizes.end()), 3000);
}

}  // namespace
}  // namespace ks::client
