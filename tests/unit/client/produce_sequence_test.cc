#include "lib/client/produce_sequence.h"

#include "lib/wire/error_code.h"
#include "producing.h"

namespace ks::client {
namespace {

using test::Fate;
using Kind = test::Answer::Kind;
using wire::ApiKey;
using wire::ErrorCode;

constexpr std::int16_t kMessageTooLarge = 10;

Fate error(ErrorCode code) { return Fate::error(static_cast<std::int16_t>(code)); }

Producing::Properties idempotent(const std::string& retries = "1000") {
  return {{"enable.idempotence", "true"}, {"batch.num.messages", "1"}, {"retries", retries}};
}

// "0/0 a, 0/1 b": epoch, sequence and value.
std::string sequences_of(const std::vector<test::LoggedRecord>& log) {
  std::string out;
  for (const test::LoggedRecord& record : log) {
    out += (out.empty() ? "" : ", ") + std::to_string(record.batch.producer_epoch) + "/" +
           std::to_string(record.batch.base_sequence) + " " + record.value.value_or("null");
  }
  return out;
}

// Five records, each a batch. The first goes alone; the others are under way together.
std::string produce_five(test::FakeCluster& cluster, Producing& producer) {
  producer.start();
  for (const char* value : {"a", "b", "c", "d", "e"}) producer.send(value);
  EXPECT_TRUE(producer.flush());
  return sequences_of(cluster.log(0));
}

// ---- on a cluster -------------------------------------------------------------------------------

TEST(IdempotentProducer, NumbersEachPartitionsBatchesByOneProducerId) {
  test::FakeCluster cluster(2, 2);
  Producing producer(cluster, idempotent());
  producer.start();
  for (int i = 0; i < 3; ++i) {
    for (std::int32_t partition : {0, 1}) producer.send(std::to_string(i), partition);
  }
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(sequences_of(cluster.log(0)), "0/0 0, 0/1 1, 0/2 2");
  EXPECT_EQ(sequences_of(cluster.log(1)), "0/0 0, 0/1 1, 0/2 2");
  EXPECT_EQ(cluster.log(0)[0].batch.producer_id, cluster.log(1)[0].batch.producer_id);
  EXPECT_EQ(cluster.broker(0).requests(ApiKey::kInitProducerId).size() +
                cluster.broker(1).requests(ApiKey::kInitProducerId).size(),
            1U);
}

TEST(IdempotentProducer, AWrittenBatchWithoutAnAnswerIsThereOnce) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate::written_and(Kind::kClose)});
  Producing producer(cluster, idempotent());
  EXPECT_EQ(produce_five(cluster, producer), "0/0 a, 0/1 b, 0/2 c, 0/3 d, 0/4 e");
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 ok at 1, 2 ok at 2, 3 ok at 3, 4 ok at 4");
}

TEST(IdempotentProducer, ADuplicateWhosePlaceIsForgottenIsOk) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate::written_and(Kind::kClose), error(ErrorCode::kDuplicateSequenceNumber)});
  Producing producer(cluster, idempotent());
  EXPECT_EQ(produce_five(cluster, producer), "0/0 a, 0/1 b, 0/2 c, 0/3 d, 0/4 e");
  EXPECT_EQ(producer.text(), "0 ok at -1, 1 ok at 1, 2 ok at 2, 3 ok at 3, 4 ok at 4");
}

TEST(IdempotentProducer, KeepsTheOrderWhenTheFirstOfManyIsRetried) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate(), Fate::error(test::FakeCluster::kNotLeader)});
  Producing producer(cluster, idempotent());
  EXPECT_EQ(produce_five(cluster, producer), "0/0 a, 0/1 b, 0/2 c, 0/3 d, 0/4 e");
}

TEST(IdempotentProducer, TheFirstBatchIsWrittenBeforeTheSecondIsSent) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate::error(test::FakeCluster::kNotLeader)});  // the second would be taken
  Producing producer(cluster, idempotent());
  EXPECT_EQ(produce_five(cluster, producer), "0/0 a, 0/1 b, 0/2 c, 0/3 d, 0/4 e");
}

TEST(IdempotentProducer, GoesOnInTheNextEpochBehindARefusedBatch) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate(), Fate::error(kMessageTooLarge)});
  Producing producer(cluster, idempotent());
  EXPECT_EQ(produce_five(cluster, producer), "0/0 a, 1/0 c, 1/1 d, 1/2 e");
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 failed 10, 2 ok at 1, 3 ok at 2, 4 ok at 3");
}

TEST(IdempotentProducer, GoesOnInTheNextEpochBehindABatchThatIsGivenUp) {
  test::FakeCluster cluster(1, 1);
  const Fate not_leader = Fate::error(test::FakeCluster::kNotLeader);
  cluster.decree({Fate(), not_leader, error(ErrorCode::kOutOfOrderSequenceNumber),
                  error(ErrorCode::kOutOfOrderSequenceNumber),
                  error(ErrorCode::kOutOfOrderSequenceNumber), not_leader});
  Producing producer(cluster, idempotent("1"));
  EXPECT_EQ(produce_five(cluster, producer), "0/0 a, 1/0 c, 1/1 d, 1/2 e");
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 unknown 6, 2 ok at 1, 3 ok at 2, 4 ok at 3");
}

TEST(IdempotentProducer, ABrokerThatLostCountGetsTheUnwrittenAgain) {
  for (const ErrorCode lost :
       {ErrorCode::kOutOfOrderSequenceNumber, ErrorCode::kUnknownProducerId}) {
    test::FakeCluster cluster(1, 1);
    cluster.decree({Fate(), error(lost), error(lost), error(lost), error(lost)});
    Producing producer(cluster, idempotent());
    EXPECT_EQ(produce_five(cluster, producer), "0/0 a, 1/0 b, 1/1 c, 1/2 d, 1/3 e");
    EXPECT_EQ(producer.text(), "0 ok at 0, 1 ok at 1, 2 ok at 2, 3 ok at 3, 4 ok at 4");
  }
}

TEST(IdempotentProducer, WhatMayBeWrittenIsNeverSentUnderAnotherNumber) {
  test::FakeCluster cluster(1, 1);
  // The broker writes the second batch, and when asked again has forgotten it.
  cluster.decree(
      {Fate(), Fate::written_and(Kind::kClose), error(ErrorCode::kOutOfOrderSequenceNumber)});
  Producing producer(cluster, idempotent());
  producer.start();
  for (const char* value : {"a", "b", "c"}) {
    producer.send(value);
    ASSERT_TRUE(producer.flush());
  }
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 unknown 45, 2 ok at 2");
  EXPECT_EQ(sequences_of(cluster.log(0)), "0/0 a, 0/1 b, 1/0 c");
}

TEST(IdempotentProducer, AFencedEpochTakesAnotherProducerId) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate(), error(ErrorCode::kInvalidProducerEpoch)});
  Producing producer(cluster, idempotent());
  producer.start();
  producer.send("a");
  ASSERT_TRUE(producer.flush());
  producer.send("b");
  ASSERT_TRUE(producer.flush());
  const auto log = cluster.log(0);
  EXPECT_EQ(sequences_of(log), "0/0 a, 0/0 b");
  EXPECT_NE(log[0].batch.producer_id, log[1].batch.producer_id);
}

TEST(IdempotentProducer, AsksAgainForAProducerId) {
  constexpr std::int16_t kCoordinatorLoadInProgress = 14;
  test::FakeCluster cluster(1, 1);
  cluster.broker(0).serve(ApiKey::kInitProducerId, {0, 5}, [n = 0](const auto&) mutable {
    if (++n < 3) return test::Answer(wire::Value{{"error_code", kCoordinatorLoadInProgress}});
    return test::Answer(wire::Value{{"producer_id", 77}, {"producer_epoch", 3}});
  });
  Producing producer(cluster, idempotent());
  producer.start();
  producer.send("a");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(cluster.log(0)[0].batch.producer_id, 77);
  EXPECT_EQ(sequences_of(cluster.log(0)), "3/0 a");
}

TEST(IdempotentProducer, WithoutAProducerIdNothingIsSent) {
  constexpr std::int16_t kClusterAuthorizationFailed = 31;
  test::FakeCluster cluster(1, 1);
  cluster.broker(0).serve(ApiKey::kInitProducerId, {0, 5}, [](const auto&) {
    return test::Answer(wire::Value{{"error_code", kClusterAuthorizationFailed}});
  });
  Producing producer(cluster, {{"enable.idempotence", "true"}, {"message.timeout.ms", "50"}});
  producer.start();
  producer.send("a");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 failed -192");
  EXPECT_EQ(producer.seen()[0].error,
            "not sent in time: InitProducerId failed: CLUSTER_AUTHORIZATION_FAILED");
}

// ---- one partition's numbers --------------------------------------------------------------------

ProduceBatch batch_of(std::size_t records) {
  ProduceBatch batch;
  batch.buffers = std::make_unique<ProduceBatch::Buffers>();
  batch.buffers->tokens.resize(records);
  return batch;
}

TEST(PartitionSequence, WrapsAroundBehindTheLargest) {
  PartitionSequence sequence;
  ProduceBatch batch = batch_of(1 << 20);
  for (int i = 0; i < 2048; ++i) {
    batch.sequence = {};
    sequence.number(batch, {1, 0});
  }
  EXPECT_EQ(batch.sequence.base, (1LL << 31) - (1 << 20));
  batch.sequence = {};
  sequence.number(batch, {1, 0});
  EXPECT_EQ(batch.sequence.base, 0);
}

TEST(PartitionSequence, KeepsTheNumberOfABatchThatIsSentAgain) {
  PartitionSequence sequence;
  ProduceBatch first = batch_of(3);
  ProduceBatch second = batch_of(3);
  sequence.number(first, {1, 0});
  sequence.number(second, {1, 0});
  sequence.number(first, {1, 0});
  EXPECT_EQ(first.sequence.base, 0);
  EXPECT_EQ(second.sequence.base, 3);
}

TEST(PartitionSequence, TakesAnotherProducerIdWhenTheEpochsAreUsedUp) {
  PartitionSequence sequence;
  ProduceBatch batch = batch_of(1);
  const ProducerEpoch last{1, 32767};
  sequence.number(batch, last);
  EXPECT_FALSE(sequence.is_used_up(last));
  sequence.break_off();
  EXPECT_TRUE(sequence.is_used_up(last));
  EXPECT_FALSE(sequence.is_used_up({2, 0}));
  sequence.number(batch, {2, 0});
  EXPECT_EQ(batch.sequence.of, (ProducerEpoch{2, 0}));
  EXPECT_EQ(batch.sequence.base, 0);
}

TEST(PartitionSequence, OnlyWhatIsSureGoesAlongWithOthers) {
  PartitionSequence sequence;
  ProduceBatch batch = batch_of(1);
  EXPECT_FALSE(sequence.may_be_sent_along(batch)) << "the broker does not know the producer yet";
  sequence.number(batch, {1, 0});
  sequence.on_written(batch);
  EXPECT_TRUE(sequence.may_be_sent_along(batch));
  sequence.on_open();
  EXPECT_FALSE(sequence.may_be_sent_along(batch));
  sequence.on_written(batch);
  EXPECT_TRUE(sequence.may_be_sent_along(batch));
  batch.maybe_written = true;
  EXPECT_FALSE(sequence.may_be_sent_along(batch));
  batch.maybe_written = false;
  sequence.break_off();
  EXPECT_FALSE(sequence.may_be_sent_along(batch));
}

}  // namespace
}  // namespace ks::client
