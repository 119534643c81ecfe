#include "lib/wire/record_batch_builder.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>
#include <string>

#include "owned_records.h"

namespace ks::wire {
namespace {

constexpr std::array kTypes{CompressionType::kNone, CompressionType::kGzip,
                            CompressionType::kSnappy, CompressionType::kLz4,
                            CompressionType::kZstd};

// Records of every shape; a seed has always the same.
class RandomRecords {
 public:
  explicit RandomRecords(std::uint32_t seed) : random_(seed) {}

  std::vector<OwnedRecord> make(std::size_t count) {
    std::vector<OwnedRecord> records;
    for (std::size_t i = 0; i < count; ++i) {
      OwnedRecord record{static_cast<std::int64_t>(i), timestamp(), bytes(), bytes(), {}};
      for (std::uint32_t headers = random_() % 4; headers > 2; --headers) {
        record.headers.emplace_back(bytes().value_or(""), bytes());
        record.headers.emplace_back(bytes().value_or(""), bytes());
      }
      records.push_back(record);
    }
    return records;
  }

 private:
  OwnedBytes bytes() {
    constexpr std::array<std::size_t, 7> kSizes{0, 1, 63, 64, 127, 8192, 20'000};
    const auto shape = random_() % 10;
    if (shape == 0) return std::nullopt;
    const std::size_t size = shape < 3 ? kSizes.at(random_() % kSizes.size()) : random_() % 50;
    std::string out(size, '\0');
    for (char& byte : out) byte = static_cast<char>(random_() % 4 == 0 ? random_() : 'a');
    return out;
  }
  std::int64_t timestamp() {
    const auto shape = random_() % 20;
    if (shape == 0) return kNoTimestamp;
    if (shape == 1) return std::numeric_limits<std::int64_t>::max();
    if (shape == 2) return std::numeric_limits<std::int64_t>::min();
    return 1'700'000'000'000 + static_cast<std::int64_t>(random_() % 100'000) - 50'000;
  }

  std::mt19937 random_;
};

void append(RecordBatchBuilder& builder, const OwnedRecord& record) {
  std::vector<Header> headers;
  for (const auto& [key, value] : record.headers) headers.push_back({key, value});
  const NewRecord added{record.timestamp_ms, record.key, record.value, headers};
  const std::size_t expected = builder.size_bytes() + builder.bytes_of(added);
  builder.append(added);
  EXPECT_EQ(builder.size_bytes(), expected) << "the size was known before";
}

TEST(RecordBatchBuilder, WhatItBuildsIsReadBack) {
  RecordBatchBuilder builder;  // one for all: it is reusable
  RecordReader reader;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const std::vector<OwnedRecord> records = RandomRecords(seed).make(1 + seed % 20);
    builder.clear();
    for (const OwnedRecord& record : records) append(builder, record);
    for (const CompressionType type : kTypes) {
      const auto batch = builder.finish({.compression = type});
      ASSERT_TRUE(batch) << batch.error().message();
      const ReadBack back = read_back(reader, *batch);
      ASSERT_EQ(back.error, "") << compression_name(type) << ", seed " << seed;
      EXPECT_EQ(back.batches.at(0).compression, type);
      EXPECT_EQ(back.records, records) << compression_name(type) << ", seed " << seed;
    }
  }
}

TEST(RecordBatchBuilder, TheHeaderSaysWhatItWasFinishedWith) {
  RecordBatchBuilder builder;
  builder.append({.timestamp_ms = 20, .key = {}, .value = "a", .headers = {}});
  builder.append({.timestamp_ms = 30, .key = {}, .value = "b", .headers = {}});
  builder.append({.timestamp_ms = 10, .key = {}, .value = "c", .headers = {}});
  const auto plain = read_back(builder.finish({}).value()).batches.at(0);
  EXPECT_EQ(plain.base_offset, 0);
  EXPECT_EQ(plain.last_offset, 2);
  EXPECT_EQ(plain.partition_leader_epoch, -1);
  EXPECT_EQ(plain.base_timestamp_ms, 20) << "the first record's";
  EXPECT_EQ(plain.max_timestamp_ms, 30);
  EXPECT_EQ(plain.producer_id, -1);
  EXPECT_EQ(plain.producer_epoch, -1);
  EXPECT_EQ(plain.base_sequence, -1);
  EXPECT_EQ(plain.record_count, 3);
  EXPECT_FALSE(plain.transactional);
  EXPECT_FALSE(plain.control);
  const auto full = read_back(builder
                                  .finish({.base_offset = 1'000'000'000'000,
                                           .partition_leader_epoch = 4,
                                           .producer_id = 5'000'000'000,
                                           .producer_epoch = 6,
                                           .base_sequence = 7,
                                           .transactional = true,
                                           .control = true})
                                  .value())
                        .batches.at(0);
  EXPECT_EQ(full.base_offset, 1'000'000'000'000);
  EXPECT_EQ(full.last_offset, 1'000'000'000'002);
  EXPECT_EQ(full.partition_leader_epoch, 4);
  EXPECT_EQ(full.producer_id, 5'000'000'000);
  EXPECT_EQ(full.producer_epoch, 6);
  EXPECT_EQ(full.base_sequence, 7);
  EXPECT_TRUE(full.transactional);
  EXPECT_TRUE(full.control);
}

TEST(RecordBatchBuilder, ABatchWithoutRecordsIsAnError) {
  RecordBatchBuilder builder;
  EXPECT_FALSE(builder.finish({}));
  builder.append({});
  EXPECT_TRUE(builder.finish({}));
  builder.clear();
  EXPECT_FALSE(builder.finish({}));
}

TEST(RecordBatchBuilder, ClearForgetsEverything) {
  RecordBatchBuilder builder;
  builder.append(
      {.timestamp_ms = 1'000'000, .key = "k", .value = std::string(1000, 'v'), .headers = {}});
  ASSERT_TRUE(builder.finish({.compression = CompressionType::kZstd, .producer_id = 3}));
  builder.clear();
  EXPECT_EQ(builder.size_bytes(), kRecordBatchHeaderBytes);
  EXPECT_EQ(builder.record_count(), 0);
  RecordBatchBuilder fresh;
  builder.append({.timestamp_ms = 5, .key = {}, .value = "x", .headers = {}});
  fresh.append({.timestamp_ms = 5, .key = {}, .value = "x", .headers = {}});
  EXPECT_EQ(builder.finish({}).value(), fresh.finish({}).value());
}

}  // namespace
}  // namespace ks::wire
