#include "lib/wire/record_batch.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "lib/cli/crc32c.h"
#include "owned_records.h"

namespace ks::wire {
namespace {

using namespace std::string_literals;

// Two records, written by hand after the format's description; the CRC-32C was computed bit by bit.
const std::string kHeader =
    "\0\0\0\0\0\0\0\7"                                       // base offset
    "\0\0\0\x47"                                             // length: 71
    "\0\0\0\5"                                               // partition leader epoch
    "\2"                                                     // magic
    "\x11\xa3\x53\xb9"                                       // CRC
    "\0\0"                                                   // attributes
    "\0\0\0\1"                                               // last offset delta
    "\0\0\x01\x8b\xcf\xe5\x68\x00"                           // base timestamp: 1700000000000
    "\0\0\x01\x8b\xcf\xe5\x68\x05"                           // max timestamp
    "\0\0\0\0\0\0\0\x09"                                     // producer id
    "\0\3"                                                   // producer epoch
    "\0\0\0\x0b"                                             // base sequence
    "\0\0\0\2"s;                                             // record count
const std::string kRecord0 = "\x1c\0\0\0\2k\6va1\2\4hi\1"s;  // one header, with a null value
const std::string kRecord1 = "\x0c\0\x0a\2\1\0\0"s;          // null key, empty value
const std::string kBatch = kHeader + kRecord0 + kRecord1;

std::string with(std::string batch, std::size_t at, const std::string& bytes) {
  return batch.replace(at, bytes.size(), bytes);
}

// With the length and the CRC that its bytes should have.
std::string repaired(std::string batch) {
  std::string length;
  ByteWriter(length).integer(static_cast<std::int32_t>(batch.size() - kBatchLengthEnd));
  batch.replace(kBatchLengthEnd - length.size(), length.size(), length);
  std::string crc;
  ByteWriter(crc).integer(cli::crc32c(std::string_view(batch).substr(kBatchCrcEnd)));
  return batch.replace(kBatchCrcAt, crc.size(), crc);
}

std::string of_records(const std::string& records, char count) {
  return repaired(with(kHeader, 60, std::string(1, count)) + records);
}

TEST(RecordBatch, ReadsEveryField) {
  const ReadBack back = read_back(kBatch);
  EXPECT_EQ(back.error, "");
  EXPECT_FALSE(back.truncated);
  ASSERT_EQ(back.batches.size(), 1u);
  const RecordBatch& batch = back.batches[0];
  EXPECT_EQ(batch.base_offset, 7);
  EXPECT_EQ(batch.last_offset, 8);
  EXPECT_EQ(batch.partition_leader_epoch, 5);
  EXPECT_EQ(batch.magic, 2);
  EXPECT_EQ(batch.compression, CompressionType::kNone);
  EXPECT_EQ(batch.timestamp_type, TimestampType::kCreateTime);
  EXPECT_FALSE(batch.transactional);
  EXPECT_FALSE(batch.control);
  EXPECT_EQ(batch.base_timestamp_ms, 1700000000000);
  EXPECT_EQ(batch.max_timestamp_ms, 1700000000005);
  EXPECT_EQ(batch.producer_id, 9);
  EXPECT_EQ(batch.producer_epoch, 3);
  EXPECT_EQ(batch.base_sequence, 11);
  EXPECT_EQ(batch.record_count, 2);
  const std::vector<OwnedRecord> expected{
      {7, 1700000000000, "k", "va1", {{"hi", std::nullopt}}},
      {8, 1700000000005, std::nullopt, "", {}},
  };
  EXPECT_EQ(back.records, expected);
}

TEST(RecordBatch, RecordsAreViewsIntoTheBytes) {
  RecordReader reader;
  reader.open(kBatch);
  ASSERT_TRUE(*reader.next_batch());
  Record record;
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.key->data(), kBatch.data() + kBatch.find("k\6va1"));
  EXPECT_EQ((*record.headers.begin()).key.data(), kBatch.data() + kBatch.find("hi"));
}

TEST(RecordBatch, AttributesAreRead) {
  const auto attributes = [](char bits) {
    return read_back(repaired(with(kBatch, 22, std::string(1, bits)))).batches.at(0);
  };
  EXPECT_EQ(attributes(0x08).timestamp_type, TimestampType::kLogAppendTime);
  EXPECT_TRUE(attributes(0x10).transactional);
  EXPECT_TRUE(attributes(0x20).control);
  EXPECT_FALSE(attributes(0x40).control) << "the delete horizon";
}

TEST(RecordBatch, WithLogAppendTimeEveryRecordHasTheBatchsMaxTimestamp) {
  for (const OwnedRecord& record : read_back(repaired(with(kBatch, 22, "\x08"))).records) {
    EXPECT_EQ(record.timestamp_ms, 1700000000005);
  }
}

TEST(RecordBatch, CompactionMayLeaveFewRecordsOrNone) {
  const ReadBack second_only = read_back(of_records(kRecord1, 1));
  EXPECT_EQ(second_only.error, "");
  ASSERT_EQ(second_only.records.size(), 1u);
  EXPECT_EQ(second_only.records[0].offset, 8);
  const ReadBack none = read_back(of_records("", 0) + kBatch);
  EXPECT_EQ(none.error, "");
  EXPECT_EQ(none.batches.size(), 2u);
  EXPECT_EQ(none.batches[0].last_offset, 8) << "where to go on";
  EXPECT_EQ(none.records.size(), 2u) << "those of the second batch";
}

TEST(RecordBatch, BytesInAnEmptyCompressedBatchAreAnError) {
  EXPECT_EQ(read_back(repaired(with(of_records("", 0), 22, "\1"))).error, "");
  EXPECT_NE(read_back(repaired(with(of_records("junk", 0), 22, "\1"))).error, "");
}

TEST(RecordBatch, TimestampsThatWrapAroundDoNotMatter) {
  const std::string record = "\x1e\0\xfe"s + std::string(8, '\xff') + "\1\0\1\0\0"s;
  const ReadBack back = read_back(of_records(record, 1));
  EXPECT_EQ(back.error, "");
  ASSERT_EQ(back.records.size(), 1u);
  EXPECT_LT(back.records[0].timestamp_ms, 0);
}

// Each batch has the right CRC; the message names the field.
TEST(RecordBatch, AnImpossibleFieldIsAnError) {
  struct Case {
    const char* error;
    std::string batch;
  };
  const std::string five_byte_varint = "\xff\xff\xff\xff\x7f"s;
  const std::vector<Case> cases{
      {"base offset: negative", with(kBatch, 0, "\xff")},
      {"base offset: too large", with(kBatch, 0, "\x7f\xff\xff\xff\xff\xff\xff\xff")},
      {"length: impossible", with(kBatch, 8, "\0\0\0\x0d"s)},
      {"length: impossible", with(kBatch, 8, "\xff")},
      {"magic: unknown", with(kBatch, 16, "\3")},
      {"magic: unknown", with(kBatch, 16, "\xff")},
      {"CRC: 0x11a353b8, but its bytes have 0x11a353b9", with(kBatch, 20, "\xb8")},
      {"last offset delta: truncated", repaired(kBatch.substr(0, 26))},
      {"records: type 5: unknown compression", repaired(with(kBatch, 22, "\5"))},
      {"records: gzip: incorrect header check", repaired(with(kBatch, 22, "\1"))},
      {"last offset delta: negative", repaired(with(kBatch, 23, "\xff"))},
      {"record count: negative", repaired(with(kBatch, 57, "\xff"))},
      {"record length: truncated", of_records(kRecord0 + kRecord1, 3)},
      {"record count: bytes behind the last record", of_records(kRecord0 + kRecord1, 1)},
      {"record count: bytes behind the last record", of_records(kRecord0 + kRecord1 + "x", 2)},
      {"record length: differs", of_records("\x1a" + kRecord0.substr(1), 1)},
      {"record length: differs", of_records("\x1e" + kRecord0.substr(1) + "x", 1)},
      {"record length: differs", of_records("\x1b" + kRecord0.substr(1), 1)},
      {"record length: variable-length integer too long", of_records(five_byte_varint, 1)},
      {"record attributes: truncated", of_records("\x0c", 1)},
      {"timestamp delta: truncated", of_records("\x0c\0"s, 1)},
      {"timestamp delta: variable-length integer too long",
       of_records("\x0c\0"s + std::string(9, '\xff') + "\2", 1)},
      {"offset delta: truncated", of_records("\x0c\0\0"s, 1)},
      {"offset delta: not above", of_records(kRecord0 + kRecord0, 2)},
      {"offset delta: not above", of_records(with(kRecord1, 3, "\1"), 1)},
      {"offset delta: beyond", of_records(kRecord0 + with(kRecord1, 3, "\4"), 2)},
      {"key length: truncated", of_records(with(kRecord1, 4, "\x1e"), 1)},
      {"key length: negative", of_records(with(kRecord1, 4, "\3"), 1)},
      {"value length: truncated", of_records(with(kRecord1, 5, "\x1e"), 1)},
      {"value length: negative", of_records(with(kRecord1, 5, "\3"), 1)},
      {"header count: more than", of_records(with(kRecord1, 6, "\2"), 1)},
      {"header count: more than", of_records(with(kRecord1, 6, "\1"), 1)},
      {"header count: more than", of_records(kRecord1.substr(0, 6) + "\xfe\xff\xff\xff\x0f", 1)},
      {"header key length: null", of_records(with(kRecord0, 11, "\1"), 1)},
      {"header key length: negative", of_records(with(kRecord0, 11, "\3"), 1)},
      {"header key length: truncated", of_records(with(kRecord0, 11, "\x1e"), 1)},
      {"header value length: truncated", of_records(with(kRecord0, 14, "\x1e"), 1)},
      {"header value length: negative", of_records(with(kRecord0, 14, "\3"), 1)},
  };
  for (const Case& c : cases) {
    const ReadBack back = read_back(c.batch);
    EXPECT_TRUE(back.error.starts_with("malformed record batch: "s + c.error))
        << "expected: " << c.error << "\nread: " << back.error;
  }
}

TEST(RecordBatch, AnErrorSaysWhere) {
  const std::string bad = of_records(kRecord0 + with(kRecord1, 3, "\4"), 2);
  EXPECT_EQ(
      read_back(kBatch + bad).error,
      "malformed record batch: offset delta: beyond the last one: byte 166, batch at byte 83, "
      "base offset 7");
}

TEST(ControlBatch, TellsCommitFromAbort) {
  Record record;
  const std::string commit = "\0\0\0\1"s;
  const std::string abort = "\0\0\0\0"s;
  const std::string newer = "\0\1\0\1 and more"s;
  record.key = commit;
  EXPECT_EQ(decode_control(record)->type, ControlType::kCommit);
  record.key = abort;
  EXPECT_EQ(decode_control(record)->type, ControlType::kAbort);
  record.key = newer;
  EXPECT_EQ(decode_control(record)->version, 1) << "a later version only adds fields";
  EXPECT_EQ(decode_control(record)->type, ControlType::kCommit);
}

TEST(ControlBatch, AShortOrNegativeKeyIsAnError) {
  const std::string negative = "\xff\xff\0\1"s;
  Record record;
  EXPECT_FALSE(decode_control(record)) << "null";
  record.key = std::string_view(negative).substr(0, 3);
  EXPECT_FALSE(decode_control(record));
  record.key = negative;
  EXPECT_FALSE(decode_control(record));
}

}  // namespace
}  // namespace ks::wire
