#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/wire/bytes.h"
#include "lib/wire/compression.h"

// What the log of a partition is made of: record batches, of magic 2 (Kafka documentation, "Message
// Format"; KIP-98, KIP-82), and what came before them, the message sets of message_set.h.
namespace ks::wire {

// Where things are in a batch. The length and the CRC are those of all that follows them.
inline constexpr std::size_t kRecordBatchHeaderBytes = 61;
inline constexpr std::size_t kBatchLengthEnd = 12;
inline constexpr std::size_t kBatchMagicAt = 16;  // in message sets, too
inline constexpr std::size_t kBatchCrcAt = 17;
inline constexpr std::size_t kBatchCrcEnd = 21;

// The attributes. The lowest three bits are the CompressionType.
inline constexpr unsigned kCompressionMask = 0x07;
inline constexpr unsigned kLogAppendTimeBit = 0x08;
inline constexpr unsigned kTransactionalBit = 0x10;
inline constexpr unsigned kControlBit = 0x20;

struct Header {
  std::string_view key;
  std::optional<std::string_view> value;  // null is not empty

  bool operator==(const Header&) const = default;
};

// A record's headers, decoded while somebody iterates over them.
class HeaderList {
 public:
  class Iterator {
   public:
    Iterator(std::int32_t left, std::string_view encoded) : left_(left), in_(encoded) { decode(); }
    const Header& operator*() const { return header_; }
    Iterator& operator++() {
      --left_;
      decode();
      return *this;
    }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    void decode();

    std::int32_t left_;
    ByteReader in_;
    Header header_;
  };

  HeaderList() = default;
  // REQUIRES: `encoded` are `count` well-formed headers.
  HeaderList(std::int32_t count, std::string_view encoded) : count_(count), encoded_(encoded) {}

  std::int32_t size() const { return count_; }
  Iterator begin() const { return {count_, encoded_}; }
  Iterator end() const { return {0, {}}; }

 private:
  std::int32_t count_ = 0;
  std::string_view encoded_;
};

inline constexpr std::int64_t kNoTimestamp = -1;

struct Record {
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = kNoTimestamp;  // since 1970
  std::optional<std::string_view> key;       // null is not empty
  std::optional<std::string_view> value;
  HeaderList headers;
};

enum class TimestampType : std::int8_t { kNone = -1, kCreateTime = 0, kLogAppendTime = 1 };

// The header of a batch. A message of magic 0 or 1 counts as one, of itself or of the messages that
// are compressed in it; it has one timestamp, and no epoch, producer or flags.
struct RecordBatch {
  std::int64_t base_offset = 0;
  std::int64_t last_offset = 0;  // also where compaction removed the last record
  std::int32_t partition_leader_epoch = -1;
  std::int8_t magic = 2;
  CompressionType compression = CompressionType::kNone;
  TimestampType timestamp_type = TimestampType::kCreateTime;
  bool transactional = false;
  bool control = false;  // its record is for decode_control(), not for the application
  std::int64_t base_timestamp_ms = kNoTimestamp;
  std::int64_t max_timestamp_ms = kNoTimestamp;
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  std::int32_t base_sequence = -1;
  std::int32_t record_count = 0;  // 0 where compaction removed them all
};

// The types of control records that end transactions; the others are KRaft's own.
enum class ControlType : std::int16_t { kAbort = 0, kCommit = 1 };

struct ControlRecord {
  std::int16_t version = 0;
  ControlType type = ControlType::kAbort;
};

cli::Result<ControlRecord> decode_control(const Record& record);

// ---- for RecordReader ---------------------------------------------------------------------------

// The header that `in` is at, its CRC unchecked. Fails `in` where a field has what it cannot have.
RecordBatch read_batch_header(ByteReader& in);

// The record that `in` is at. `last_delta` is the offset delta of the one before, from -1: they
// grow. Fails `in` where a field has what it cannot have.
void read_record(ByteReader& in, const RecordBatch& batch, std::int64_t& last_delta,
                 Record& record);

}  // namespace ks::wire
