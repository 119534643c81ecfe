#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/wire/record_batch.h"

namespace ks::wire {

struct NewRecord {
  std::int64_t timestamp_ms = kNoTimestamp;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::span<const Header> headers;
};

// What the header of a batch says that its records do not. By default, what a producer without
// idempotence says.
struct BatchOptions {
  CompressionType compression = CompressionType::kNone;
  std::int64_t base_offset = 0;  // the broker's to set
  std::int32_t partition_leader_epoch = -1;
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  std::int32_t base_sequence = -1;
  bool transactional = false;
  bool control = false;
};

// Builds one record batch after the other, of magic 2, in buffers that it keeps. Not for two
// threads.
class RecordBatchBuilder {
 public:
  // Room for `bytes` is asked of the system at once: a batch that grows by doubling is copied as
  // often.
  explicit RecordBatchBuilder(std::size_t bytes = 0) {
    batch_.reserve(bytes);
    clear();
  }

  // Uncompressed, with its header, as of now.
  std::size_t size_bytes() const { return batch_.size(); }
  std::int32_t record_count() const { return record_count_; }

  // By how much append(record) would grow size_bytes().
  std::size_t bytes_of(const NewRecord& record) const;

  // Copies the record. Its offset is the next, counted from base_offset.
  void append(const NewRecord& record);

  // Adds header, compression and CRC. The result is valid until the next append(), finish() or
  // clear(). A batch without records or of more than 2 GiB is an error.
  cli::Result<std::string_view> finish(const BatchOptions& options);

  void clear();

 private:
  std::size_t body_bytes(const NewRecord& record) const;
  std::int64_t timestamp_delta(const NewRecord& record) const;

  std::string batch_;       // room for the header, then the records
  std::string compressed_;  // the same of a compressed batch
  // Of the records so far: summed while they are in the processor's nearest cache.
  std::uint32_t records_crc_ = 0;
  std::int32_t record_count_ = 0;
  std::int64_t base_timestamp_ms_ = kNoTimestamp;
  std::int64_t max_timestamp_ms_ = kNoTimestamp;
  Compressor compressor_;
};

}  // namespace ks::wire
