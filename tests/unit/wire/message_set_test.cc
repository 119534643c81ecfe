#include "lib/wire/message_set.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <string>

#include "owned_records.h"

namespace ks::wire {
namespace {

using namespace std::string_literals;

// Written by hand after the formats' description; the CRC-32 is zlib's.
const std::string kMagic0 =
    "\0\0\0\0\0\0\0\7"  // offset
    "\0\0\0\x11"        // size: 17
    "\x61\x50\x54\x27"  // CRC
    "\0"                // magic
    "\0"                // attributes
    "\0\0\0\1k"         // key
    "\0\0\0\2v1"s;      // value
const std::string kMagic1 =
    "\0\0\0\0\0\0\0\x08"            // offset
    "\0\0\0\x16"                    // size: 22
    "\x7e\x5a\x2e\xf8"              // CRC
    "\1"                            // magic
    "\0"                            // attributes
    "\0\0\x01\x8b\xcf\xe5\x68\x00"  // timestamp: 1700000000000
    "\xff\xff\xff\xff"              // null key
    "\0\0\0\0"s;                    // empty value

constexpr std::array<std::int8_t, 2> kMagics{0, 1};
const std::string kBig(10'000, 'b');
const std::array kRecords{Record{100, 50, "k0", "v0", {}}, Record{101, 49, {}, "no key", {}},
                          Record{102, 51, "", "", {}}, Record{103, 52, "tombstone", {}, {}},
                          Record{105, 60, "big", kBig, {}}};
constexpr std::array kTypes{CompressionType::kNone, CompressionType::kGzip,
                            CompressionType::kSnappy, CompressionType::kLz4};

std::vector<OwnedRecord> expected(std::int8_t magic) {
  std::vector<OwnedRecord> records;
  for (const Record& record : kRecords) {
    records.push_back(owned(record));
    if (magic == 0) records.back().timestamp_ms = kNoTimestamp;
  }
  return records;
}

std::string encoded(std::int8_t magic, CompressionType type,
                    std::span<const Record> records = kRecords) {
  Compressor compressor;
  return encode_message_set(magic, type, records, compressor).value();
}

// The CRC-32 that the one message in `bytes` should have.
std::string repaired(std::string bytes) {
  const std::string_view covered = std::string_view(bytes).substr(16);
  std::string crc;
  ByteWriter(crc).integer(static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size())));
  return bytes.replace(12, crc.size(), crc);
}

// A message with those attributes; of magic 1 its timestamp is 77.
std::string wrapper(std::int8_t magic, char attributes, std::int64_t offset,
                    std::optional<std::string_view> value) {
  const std::array records{Record{offset, 77, {}, value, {}}};
  std::string bytes = encoded(magic, CompressionType::kNone, records);
  bytes[17] = attributes;
  return repaired(bytes);
}

std::string compressed(std::string_view bytes) {
  Compressor compressor;
  std::string out;
  EXPECT_TRUE(compressor.compress(CompressionType::kGzip, 1, bytes, out));
  return out;
}

TEST(MessageSet, ReadsEveryField) {
  const ReadBack back = read_back(kMagic0 + kMagic1);
  EXPECT_EQ(back.error, "");
  const std::vector<OwnedRecord> records{{7, kNoTimestamp, "k", "v1", {}},
                                         {8, 1700000000000, std::nullopt, "", {}}};
  EXPECT_EQ(back.records, records);
  ASSERT_EQ(back.batches.size(), 2u);
  EXPECT_EQ(back.batches[0].timestamp_type, TimestampType::kNone);
  EXPECT_EQ(back.batches[0].base_offset, 7);
  EXPECT_EQ(back.batches[1].timestamp_type, TimestampType::kCreateTime);
  EXPECT_EQ(back.batches[1].last_offset, 8);
  EXPECT_EQ(back.batches[1].producer_id, -1);
}

TEST(MessageSet, WritesTheSameBytes) {
  const std::array magic0{Record{7, 0, "k", "v1", {}}};
  const std::array magic1{Record{8, 1700000000000, {}, "", {}}};
  EXPECT_EQ(encoded(0, CompressionType::kNone, magic0), kMagic0);
  EXPECT_EQ(encoded(1, CompressionType::kNone, magic1), kMagic1);
}

TEST(MessageSet, WhatItEncodesIsReadBack) {
  for (const std::int8_t magic : kMagics) {
    for (const CompressionType type : kTypes) {
      const ReadBack back = read_back(encoded(magic, type));
      EXPECT_EQ(back.error, "") << compression_name(type);
      EXPECT_EQ(back.records, expected(magic)) << compression_name(type);
      if (type == CompressionType::kNone) continue;
      ASSERT_EQ(back.batches.size(), 1u);
      EXPECT_EQ(back.batches[0].compression, type);
      EXPECT_EQ(back.batches[0].base_offset, 100);
      EXPECT_EQ(back.batches[0].last_offset, 105);
      EXPECT_EQ(back.batches[0].record_count, 5);
      EXPECT_EQ(back.batches[0].max_timestamp_ms, magic == 0 ? kNoTimestamp : 60);
    }
  }
  EXPECT_TRUE(read_back(encoded(0, CompressionType::kNone, {})).batches.empty());
}

TEST(MessageSet, NothingCannotBeCompressed) {
  Compressor compressor;
  EXPECT_FALSE(encode_message_set(1, CompressionType::kGzip, {}, compressor));
}

constexpr char kGzip = 1;
constexpr char kLogAppendTime = 8;

TEST(MessageSet, WithLogAppendTimeTheWrappersTimestampIsEveryRecords) {
  const std::string set = encoded(1, CompressionType::kNone);
  const ReadBack back = read_back(wrapper(1, kGzip | kLogAppendTime, 105, compressed(set)));
  EXPECT_EQ(back.error, "");
  ASSERT_EQ(back.records.size(), 5u);
  EXPECT_EQ(back.batches[0].timestamp_type, TimestampType::kLogAppendTime);
  for (const OwnedRecord& record : back.records) EXPECT_EQ(record.timestamp_ms, 77);
}

TEST(MessageSet, OffsetsInMagic1AreRelativeToTheWrappers) {
  const std::array inside{Record{0, 1, {}, "a", {}}, Record{2, 1, {}, "b", {}}};
  const std::string set = compressed(encoded(1, CompressionType::kNone, inside));
  EXPECT_EQ(read_back(wrapper(1, kGzip, 50, set)).records.at(0).offset, 48);
  EXPECT_EQ(read_back(wrapper(1, kGzip, 50, set)).records.at(1).offset, 50);
  EXPECT_EQ(read_back(wrapper(1, kGzip, 2, set)).records.at(0).offset, 0);
  EXPECT_EQ(read_back(wrapper(1, kGzip, 0, set)).records.at(1).offset, 2)
      << "of a producer that leaves it to the broker";
  EXPECT_EQ(read_back(wrapper(0, kGzip, 50, set)).records.at(1).offset, 2) << "absolute in magic 0";
}

TEST(MessageSet, WhatCannotBeIsAnError) {
  struct Case {
    const char* error;
    std::string bytes;
  };
  const auto with = [](std::string bytes, std::size_t at, const std::string& part) {
    return repaired(bytes.replace(at, part.size(), part));
  };
  const std::string set = encoded(1, CompressionType::kNone);
  std::string wrong_inner_crc = set;
  wrong_inner_crc.back() = 'x';
  const std::vector<Case> cases{
      {"CRC: does not match", kMagic0.substr(0, kMagic0.size() - 1) + "2"},
      {"CRC: does not match", wrapper(1, kGzip, 105, compressed(wrong_inner_crc))},
      {"length: impossible", with(kMagic0, 8, "\0\0\0\x0d"s)},
      {"key length: truncated", with(kMagic0, 18, "\0\0\0\x20"s)},
      {"key length: negative", with(kMagic0, 18, "\xff\xff\xff\xfe")},
      {"value length: truncated", with(kMagic0, 23, "\0\0\0\3"s)},
      {"value length: negative", with(kMagic0, 23, "\xff\xff\xff\xfe")},
      {"message size: differs", with(kMagic0, 23, "\0\0\0\1"s)},
      {"attributes: zstd", wrapper(1, 4, 105, set)},
      {"value: type 6: unknown compression", wrapper(1, 6, 105, set)},
      {"value: gzip: incorrect header", wrapper(1, kGzip, 105, set)},
      {"value length: null", wrapper(1, kGzip, 105, std::nullopt)},
      {"offset: truncated", wrapper(1, kGzip, 105, compressed(""))},
      {"message size: truncated",
       wrapper(1, kGzip, 105, compressed(set.substr(0, set.size() - 1)))},
      {"offset: truncated", wrapper(1, kGzip, 105, compressed(set + "junk"))},
      {"offset: beyond that of the whole set", wrapper(1, kGzip, 104, compressed(set))},
      {"message size: too small", wrapper(1, kGzip, 1, compressed(std::string(12, '\0')))},
      {"magic: neither 0 nor 1", wrapper(1, kGzip, 9, compressed(with(kMagic1, 16, "\2")))},
      {"attributes: compressed twice",
       wrapper(1, kGzip, 105, compressed(wrapper(1, kGzip, 105, compressed(set))))},
  };
  for (const Case& c : cases) {
    const ReadBack back = read_back(c.bytes);
    EXPECT_TRUE(back.error.starts_with("malformed record batch: "s + c.error))
        << "expected: " << c.error << "\nread: " << back.error;
  }
}

TEST(MessageSet, EveryFlippedBitThatTheCrcCoversIsFound) {
  for (const std::int8_t magic : kMagics) {
    for (const CompressionType type : {CompressionType::kNone, CompressionType::kLz4}) {
      const std::string whole = encoded(magic, type, std::span(kRecords).first(1));
      for (std::size_t bit = kBatchLengthEnd * 8; bit < whole.size() * 8; ++bit) {
        if (bit / 8 == kBatchMagicAt) continue;  // tells what the CRC is
        std::string damaged = whole;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
        ASSERT_NE(read_back(damaged).error.find("CRC"), std::string::npos) << "bit " << bit;
      }
    }
  }
}

TEST(MessageSet, UncheckedDamageNeverCrashes) {
  for (const std::int8_t magic : kMagics) {
    for (const CompressionType type : kTypes) {
      const std::string whole = encoded(magic, type, std::span(kRecords).first(4));
      for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string damaged = whole;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
        EXPECT_LE(read_back(damaged, false).records.size(), 4u) << "bit " << bit;
      }
    }
  }
}

}  // namespace
}  // namespace ks::wire
