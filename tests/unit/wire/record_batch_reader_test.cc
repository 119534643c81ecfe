#include "lib/wire/record_batch_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "lib/wire/message_set.h"
#include "owned_records.h"

namespace ks::wire {
namespace {

// Three records from `base_offset`; their values tell the batch.
std::string batch(std::int64_t base_offset, CompressionType type = CompressionType::kNone) {
  RecordBatchBuilder builder;
  const std::string value = "value of the batch at " + std::to_string(base_offset);
  const std::array headers{Header{"name", "header"}, Header{"null", std::nullopt}};
  builder.append({1000, "key", value, headers});
  builder.append({999, {}, value, {}});
  builder.append({1001, "tombstone", {}, {}});
  return std::string(builder.finish({.compression = type, .base_offset = base_offset}).value());
}

std::string message(std::int8_t magic, std::int64_t offset) {
  const std::array records{Record{offset, 7, "key", "old", {}}};
  Compressor compressor;
  return encode_message_set(magic, CompressionType::kNone, records, compressor).value();
}

std::vector<std::int64_t> offsets(const ReadBack& back) {
  std::vector<std::int64_t> out;
  for (const OwnedRecord& record : back.records) out.push_back(record.offset);
  return out;
}

TEST(RecordReader, ReadsBatchesOneAfterTheOther) {
  const ReadBack back = read_back(batch(5) + batch(8, CompressionType::kLz4) + batch(100));
  EXPECT_EQ(back.error, "");
  EXPECT_FALSE(back.truncated);
  EXPECT_EQ(offsets(back), (std::vector<std::int64_t>{5, 6, 7, 8, 9, 10, 100, 101, 102}));
  EXPECT_EQ(back.records[4].value, "value of the batch at 8");
}

TEST(RecordReader, EveryMagicYieldsTheSameRecords) {
  const ReadBack back = read_back(message(0, 1) + message(1, 2) + batch(3));
  EXPECT_EQ(back.error, "");
  EXPECT_EQ(offsets(back), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(back.batches[0].magic, 0);
  EXPECT_EQ(back.batches[1].magic, 1);
  EXPECT_EQ(back.batches[2].magic, 2);
  EXPECT_EQ(back.records[0].timestamp_ms, kNoTimestamp);
  EXPECT_EQ(back.records[1].timestamp_ms, 7);
}

TEST(RecordReader, NoBytesAreNoBatches) {
  const ReadBack back = read_back({});
  EXPECT_EQ(back.error, "");
  EXPECT_TRUE(back.batches.empty());
  EXPECT_FALSE(back.truncated);
}

TEST(RecordReader, AHalfBatchAtTheEndIsTruncatedAndNoError) {
  for (const std::string& last : {batch(3), batch(3, CompressionType::kZstd), message(0, 3)}) {
    for (std::size_t size = 1; size < last.size(); ++size) {
      RecordReader reader;
      const ReadBack back = read_back(reader, batch(0) + last.substr(0, size));
      ASSERT_EQ(back.error, "") << size;
      ASSERT_TRUE(back.truncated) << size;
      ASSERT_EQ(back.records.size(), 3u) << size;
      EXPECT_EQ(reader.batch().last_offset, 2) << "the last whole one";
      EXPECT_FALSE(*reader.next_batch());
      EXPECT_TRUE(reader.truncated());
    }
  }
}

TEST(RecordReader, TruncatedIsForgottenWithTheBytes) {
  RecordReader reader;
  ASSERT_TRUE(read_back(reader, batch(0).substr(0, 20)).truncated);
  EXPECT_FALSE(read_back(reader, batch(0)).truncated);
}

TEST(RecordReader, ABatchMayBeLeftBeforeItsEnd) {
  const std::string bytes = batch(0) + batch(3);
  RecordReader reader;
  reader.open(bytes);
  Record record;
  ASSERT_TRUE(*reader.next_batch());
  ASSERT_TRUE(*reader.next(record));
  ASSERT_TRUE(*reader.next_batch());
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.offset, 3);
}

TEST(RecordReader, GoesOnBehindADamagedBatch) {
  std::string damaged = batch(3);
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  const std::string bytes = batch(0) + damaged + batch(6);
  RecordReader reader;
  reader.open(bytes);
  ASSERT_TRUE(*reader.next_batch());
  const auto has_batch = reader.next_batch();
  ASSERT_FALSE(has_batch);
  EXPECT_TRUE(has_batch.error().what.starts_with("malformed record batch: CRC: "));
  EXPECT_EQ(reader.batch().base_offset, 3);
  EXPECT_EQ(reader.batch().last_offset, 5);
  Record record;
  EXPECT_FALSE(*reader.next(record)) << "none of the damaged batch";
  ASSERT_TRUE(*reader.next_batch());
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.offset, 6);
}

TEST(RecordReader, WithoutALengthThereIsNoWayOn) {
  std::string damaged = batch(0);
  damaged[8] = '\xff';
  RecordReader reader;
  const std::string bytes = damaged + batch(3);
  reader.open(bytes);
  EXPECT_FALSE(reader.next_batch());
  EXPECT_FALSE(*reader.next_batch());
  EXPECT_FALSE(reader.truncated());
}

TEST(RecordReader, EveryFlippedBitThatTheCrcCoversIsFound) {
  for (const CompressionType type : {CompressionType::kNone, CompressionType::kSnappy}) {
    const std::string whole = batch(0, type);
    for (std::size_t bit = kBatchCrcAt * 8; bit < whole.size() * 8; ++bit) {
      std::string damaged = whole;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      ASSERT_NE(read_back(damaged).error.find("CRC"), std::string::npos) << "bit " << bit;
    }
  }
}

// Nothing to expect but that it ends, and under the sanitizers that nothing is read beyond.
TEST(RecordReader, UncheckedDamageNeverCrashes) {
  for (const auto type : {CompressionType::kNone, CompressionType::kGzip, CompressionType::kSnappy,
                          CompressionType::kLz4, CompressionType::kZstd}) {
    const std::string whole = batch(0, type) + message(1, 3);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
      std::string damaged = whole;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      const ReadBack back = read_back(damaged, false);
      EXPECT_LE(back.records.size(), 4u) << "bit " << bit;
    }
  }
}

TEST(RecordReader, UncheckedDamageToAValueIsNotSeen) {
  std::string damaged = batch(0);
  damaged[damaged.find("value of")] = 'V';
  EXPECT_NE(read_back(damaged).error, "");
  const ReadBack back = read_back(damaged, false);
  EXPECT_EQ(back.error, "");
  EXPECT_EQ(back.records.at(0).value, "Value of the batch at 0");
}

TEST(RecordReader, ABatchThatDecompressesToTooMuchIsAnErrorOfThatBatch) {
  RecordBatchBuilder builder;
  builder.append({.timestamp_ms = 1, .key = {}, .value = std::string(100'000, 'x'), .headers = {}});
  const std::string bomb(
      builder.finish({.compression = CompressionType::kZstd, .base_offset = 40}).value());
  RecordReader reader(50'000);
  const ReadBack back = read_back(reader, bomb);
  EXPECT_EQ(
      back.error,
      "malformed record batch: records: zstd: more than 50000 bytes: byte 61, batch at byte 0, "
      "base offset 40");
}

}  // namespace
}  // namespace ks::wire
