#include "lib/client/wire_producer.h"

#include "lib/wire/error_code.h"
#include "producing.h"

namespace ks::client {
namespace {

using test::Fate;
using Kind = test::Answer::Kind;
using wire::ApiKey;

// ---- metadata -----------------------------------------------------------------------------------

TEST(WireProducer, CountsThePartitionsOfATopicThatItMayCreate) {
  test::FakeCluster cluster(1, 6);
  Producing producer(cluster);
  EXPECT_EQ(producer.start(), 6);
  const auto asked = cluster.broker(0).requests(ApiKey::kMetadata);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(asked[0].body["allow_auto_topic_creation"].as_bool());
}

TEST(WireProducer, WaitsForATopicThatIsBeingCreated) {
  constexpr std::int16_t kLeaderNotAvailable = 5;
  test::FakeCluster cluster(1, 2);
  cluster.set_topic_error(kLeaderNotAvailable, 3);
  Producing producer(cluster);
  EXPECT_EQ(producer.start(), 2);
}

TEST(WireProducer, ATopicThatStaysUnknownIsNamedAtTheDeadline) {
  test::FakeCluster cluster(1, 1);
  cluster.set_topic_error(static_cast<std::int16_t>(wire::ErrorCode::kUnknownTopicOrPartition),
                          1'000'000);
  Producing producer(cluster);
  const auto partitions = producer->partitions(cli::Clock::now() + std::chrono::milliseconds(300));
  ASSERT_FALSE(partitions);
  EXPECT_EQ(partitions.error().message(),
            "unknown topic: UNKNOWN_TOPIC_OR_PARTITION: orders; create it with ks-admin topics "
            "create");
}

TEST(WireProducer, ATopicThatMayNotBeUsedIsNoMatterOfWaiting) {
  constexpr std::int16_t kTopicAuthorizationFailed = 29;
  test::FakeCluster cluster(1, 1);
  cluster.set_topic_error(kTopicAuthorizationFailed, 1'000'000);
  Producing producer(cluster);
  const auto partitions = producer->partitions(cli::Deadline::max());
  ASSERT_FALSE(partitions);
  EXPECT_EQ(partitions.error().message(), "Metadata failed: TOPIC_AUTHORIZATION_FAILED: orders");
  EXPECT_EQ(partitions.error().code, "TOPIC_AUTHORIZATION_FAILED");
}

TEST(WireProducer, ASilentBrokerLeavesTimeForTheOthers) {
  test::FakeCluster cluster(2, 1);
  cluster.broker(0).serve(ApiKey::kMetadata, {0, 13},
                          [](const test::Request&) { return Kind::kNone; });
  Producing producer(cluster);
  EXPECT_TRUE(producer->partitions(cli::Clock::now() + std::chrono::milliseconds(200)));
}

TEST(WireProducer, RefusesAPartitionThatTheTopicDoesNotHave) {
  test::FakeCluster cluster(1, 2);
  Producing producer(cluster);
  producer.start();
  OutgoingRecord record;
  record.partition = 2;
  const auto sent = producer->send(record);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message(), "no such partition: orders[2]");
}

// ---- what arrives -------------------------------------------------------------------------------

class ProduceVersion : public testing::TestWithParam<std::int16_t> {};

TEST_P(ProduceVersion, ARecordArrivesWhole) {
  test::FakeCluster cluster(1, 1, {GetParam(), GetParam()});
  Producing producer(cluster);
  producer.start();
  const std::vector<Header> headers{{"color", "red"}, {"empty", ""}};
  OutgoingRecord record;
  record.partition = 0;
  record.key = "k";
  record.value = "v";
  record.headers = headers;
  const std::int64_t before_ms = cli::wall_ns() / 1'000'000;
  producer.send(record);
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 ok at 0");
  const auto log = cluster.log(0);
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].key, "k");
  EXPECT_EQ(log[0].value, "v");
  EXPECT_EQ(log[0].headers,
            (std::vector<std::pair<std::string, std::string>>{{"color", "red"}, {"empty", ""}}));
  EXPECT_GE(log[0].batch.base_timestamp_ms, before_ms);
  EXPECT_LE(log[0].batch.base_timestamp_ms, cli::wall_ns() / 1'000'000);
  EXPECT_EQ(log[0].batch.producer_id, -1);
}

INSTANTIATE_TEST_SUITE_P(All, ProduceVersion, testing::Range<std::int16_t>(3, 14));

TEST(WireProducer, NullIsNotEmpty) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster);
  producer.start();
  OutgoingRecord record;
  record.partition = 0;
  producer.send(record);
  record.key = "";
  record.value = "";
  producer.send(record);
  ASSERT_TRUE(producer.flush());
  const auto log = cluster.log(0);
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].key, std::nullopt);
  EXPECT_EQ(log[0].value, std::nullopt);
  EXPECT_EQ(log[1].key, "");
  EXPECT_EQ(log[1].value, "");
}

class Codec : public testing::TestWithParam<std::pair<const char*, wire::CompressionType>> {};

TEST_P(Codec, IsTheBatchs) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster,
                     {{"compression.codec", GetParam().first}, {"batch.num.messages", "100"}});
  producer.start();
  for (int i = 0; i < 100; ++i) producer.send("the same value every time " + std::to_string(i));
  ASSERT_TRUE(producer.flush());
  const auto log = cluster.log(0);
  ASSERT_EQ(log.size(), 100U);
  EXPECT_EQ(log[99].value, "the same value every time 99");
  EXPECT_EQ(log[99].batch.compression, GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(All, Codec,
                         testing::Values(std::pair("none", wire::CompressionType::kNone),
                                         std::pair("gzip", wire::CompressionType::kGzip),
                                         std::pair("snappy", wire::CompressionType::kSnappy),
                                         std::pair("lz4", wire::CompressionType::kLz4),
                                         std::pair("zstd", wire::CompressionType::kZstd)));

// ---- batches and requests -----------------------------------------------------------------------

TEST(WireProducer, RecordsOfOneBatchHaveOffsetsFromItsBase) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster, {{"batch.num.messages", "3"}});
  producer.start();
  for (const char* value : {"a", "b", "c", "d", "e", "f"}) producer.send(value);
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 ok at 1, 2 ok at 2, 3 ok at 3, 4 ok at 4, 5 ok at 5");
  EXPECT_EQ(values_of(cluster.log(0)), "a b c d e f");
  EXPECT_EQ(cluster.log(0)[5].batch.base_offset, 0) << "the broker's to set";
  EXPECT_EQ(cluster.log(0)[5].batch.record_count, 3);
}

TEST(WireProducer, NothingIsDeliveredOutsideOfPoll) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster);
  producer.start();
  producer.send("a");
  {
    const auto lock = cluster.broker(0).lock();  // it answers behind this poll
    producer->poll({});
  }
  while (cluster.log(0).empty()) std::this_thread::yield();
  producer.start();
  producer.send("b");
  EXPECT_EQ(producer.text(), "");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 ok at 1");
}

TEST(WireProducer, ManyRequestsAreUnderWayAtOnceButNotMoreThanAllowed) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster, {{"batch.num.messages", "1"}, {"max.in.flight", "3"}});
  producer.start();
  for (int i = 0; i < 5; ++i) producer.send("x");
  {
    const auto lock = cluster.broker(0).lock();  // no answer meanwhile
    for (int i = 0; i < 10; ++i) producer->poll(std::chrono::milliseconds(1));
    EXPECT_EQ(producer.seen().size(), 0U);
  }
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 ok at 1, 2 ok at 2, 3 ok at 3, 4 ok at 4");
}

TEST(WireProducer, APartitionsOfOneLeaderShareARequest) {
  test::FakeCluster cluster(2, 4);
  Producing producer(cluster);
  producer.start();
  for (std::int32_t partition : {0, 1, 2, 3}) producer.send("v", partition);
  ASSERT_TRUE(producer.flush());
  for (std::size_t b : {0U, 1U}) {
    const auto requests = cluster.broker(b).requests(ApiKey::kProduce);
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].body["topic_data"][0]["partition_data"].items().size(), 2U);
  }
}

TEST(WireProducer, AFullQueueTakesMoreWhenSomethingWasDelivered) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster, {{"queue.buffering.max.messages", "2"}});
  producer.start();
  EXPECT_TRUE(producer.send("a"));
  EXPECT_TRUE(producer.send("b"));
  EXPECT_FALSE(producer.send("c"));
  EXPECT_EQ(producer->in_flight(), 2U);
  ASSERT_TRUE(producer.flush());
  EXPECT_TRUE(producer.send("c"));
}

TEST(WireProducer, TheQueueIsBoundedInBytesToo) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster, {{"queue.buffering.max.kbytes", "2"}});
  producer.start();
  const std::string kilobyte(1024, 'x');
  EXPECT_TRUE(producer.send(kilobyte));
  EXPECT_TRUE(producer.send(kilobyte));
  EXPECT_FALSE(producer.send(kilobyte));
  ASSERT_TRUE(producer.flush());
  EXPECT_TRUE(producer.send(kilobyte));
}

TEST(WireProducer, DestroyingItDeliversNothing) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate::lost(Kind::kNone)});
  Producing producer(cluster);
  producer.start();
  producer.send("under way");
  producer->poll(std::chrono::milliseconds(1));
  producer.send("waiting");
  producer.destroy();
  EXPECT_EQ(producer.text(), "");
}

}  // namespace
}  // namespace ks::client
