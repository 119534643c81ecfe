#include "lib/client/produce_queue.h"

#include <gtest/gtest.h>

#include "lib/client/partitioner.h"

namespace ks::client {
namespace {

OutgoingRecord record(std::string_view value, std::int32_t partition = 0) {
  OutgoingRecord out;
  out.partition = partition;
  out.value = value;
  return out;
}

class QueueTest : public testing::Test {
 protected:
  ProduceQueue& queue(std::size_t partitions = 1) {
    queue_ = std::make_unique<ProduceQueue>(options_);
    queue_->set_partitions(partitions);
    return *queue_;
  }
  // How many records each waiting batch has, from the first on.
  std::string sizes(std::size_t partition) {
    std::string out;
    while (queue_->front(partition) != nullptr) {
      auto batch = queue_->take(partition);
      out += (out.empty() ? "" : " ") + std::to_string(batch->record_count());
      queue_->release(std::move(batch));
    }
    return out;
  }

  WireOptions options_;
  std::unique_ptr<ProduceQueue> queue_;
};

TEST_F(QueueTest, ABatchIsCompleteAtItsNumberOfRecords) {
  options_.batch_records = 3;
  ProduceQueue& q = queue();
  for (int i = 0; i < 2; ++i) q.append(record("v"));
  EXPECT_FALSE(q.front(0)->is_complete);
  q.append(record("v"));
  EXPECT_TRUE(q.front(0)->is_complete);
  q.append(record("v"));
  EXPECT_EQ(sizes(0), "3 1");
}

TEST_F(QueueTest, ABatchIsNoLargerThanAllowed) {
  options_.batch_bytes = 1000;
  ProduceQueue& q = queue();
  const std::string value(400, 'x');
  for (int i = 0; i < 3; ++i) q.append(record(value));
  EXPECT_LE(q.front(0)->buffers->records.size_bytes(), 1000U);
  EXPECT_EQ(sizes(0), "2 1");
}

TEST_F(QueueTest, ARecordLargerThanABatchGoesAlone) {
  options_.batch_bytes = 1000;
  ProduceQueue& q = queue();
  q.append(record("small"));
  q.append(record(std::string(5000, 'x')));
  q.append(record("small"));
  EXPECT_EQ(sizes(0), "1 1 1");
}

TEST_F(QueueTest, AKeyHasItsPartition) {
  ProduceQueue& q = queue(8);
  for (const char* key : {"a", "b", "c", "d"}) {
    OutgoingRecord keyed = record("v", kAnyPartition);
    keyed.key = key;
    const auto expected = static_cast<std::size_t>(partition_of_key(key, 8));
    q.append(keyed);
    ASSERT_NE(q.front(expected), nullptr);
    q.release(q.take(expected));
  }
}

TEST_F(QueueTest, RecordsWithoutAKeyFillOnePartitionsBatchAfterTheOther) {
  options_.batch_records = 5;
  ProduceQueue& q = queue(4);
  for (int i = 0; i < 40; ++i) q.append(record("v", kAnyPartition));
  for (std::size_t partition = 0; partition < 4; ++partition) EXPECT_EQ(sizes(partition), "5 5");
}

TEST_F(QueueTest, ABatchThatIsPutBackIsInItsPlaceAndTakesNoMore) {
  options_.batch_records = 2;
  ProduceQueue& q = queue();
  for (int i = 0; i < 5; ++i) q.append(record("v"));
  auto first = q.take(0);
  auto second = q.take(0);
  auto third = q.take(0);
  q.put_back(std::move(second));
  q.put_back(std::move(third));
  q.put_back(std::move(first));
  q.append(record("v"));
  for (std::uint64_t position = 0; position < 4; ++position) {
    auto batch = q.take(0);
    EXPECT_EQ(batch->position, position);
    EXPECT_EQ(batch->record_count(), position < 2 ? 2U : 1U);
  }
}

TEST_F(QueueTest, WantsAttentionWhenABatchIsDueAndAtOnceWhenItIsComplete) {
  options_.batch_records = 2;
  options_.linger = std::chrono::hours(1);
  ProduceQueue& q = queue();
  EXPECT_EQ(q.attention(), cli::Deadline::max());
  q.append(record("v"));
  EXPECT_EQ(q.attention(), q.front(0)->due - std::chrono::hours(1) + options_.delivery_timeout)
      << "it expires before it is due";
  q.append(record("v"));
  EXPECT_EQ(q.attention(), cli::Deadline::min());
}

TEST_F(QueueTest, CountsWhatIsNotReleased) {
  options_.queue_records = 3;
  ProduceQueue& q = queue();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(q.append(record("v")));
  EXPECT_FALSE(q.append(record("v")));
  auto batch = q.take(0);
  EXPECT_EQ(q.records(), 3U) << "it is under way";
  EXPECT_FALSE(q.append(record("v")));
  q.release(std::move(batch));
  EXPECT_EQ(q.records(), 0U);
  EXPECT_TRUE(q.append(record("v")));
}

TEST_F(QueueTest, ATimeoutOfZeroIsForever) {
  options_.delivery_timeout = {};
  ProduceQueue& q = queue();
  q.append(record("v"));
  EXPECT_EQ(q.front(0)->expires, cli::Deadline::max());
}

}  // namespace
}  // namespace ks::client
