#include "lib/wire/record_batch_builder.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "lib/cli/crc32c.h"
#include "lib/cli/crc32c_shift.h"
#include "lib/wire/bytes.h"

namespace ks::wire {
namespace {

std::size_t nullable_bytes(const std::optional<std::string_view>& bytes) {
  return bytes ? varint_bytes(static_cast<std::int64_t>(bytes->size())) + bytes->size() : 1;
}

void write_nullable(ByteWriter& out, const std::optional<std::string_view>& bytes) {
  out.varint(bytes ? static_cast<std::int64_t>(bytes->size()) : -1);
  if (bytes) out.bytes(*bytes);
}

}  // namespace

void RecordBatchBuilder::clear() {
  batch_.assign(kRecordBatchHeaderBytes, '\0');
  record_count_ = 0;
  records_crc_ = 0;
}

std::int64_t RecordBatchBuilder::timestamp_delta(const NewRecord& record) const {
  std::int64_t delta = 0;
  if (record_count_ > 0) {
    __builtin_sub_overflow(record.timestamp_ms, base_timestamp_ms_,
                           &delta);  // the reader wraps, too
  }
  return delta;
}

std::size_t RecordBatchBuilder::body_bytes(const NewRecord& record) const {
  std::size_t size = sizeof(std::int8_t) + varint_bytes(timestamp_delta(record)) +
                     varint_bytes(record_count_) + nullable_bytes(record.key) +
                     nullable_bytes(record.value) +
                     varint_bytes(static_cast<std::int64_t>(record.headers.size()));
  for (const Header& header : record.headers) {
    size += nullable_bytes(header.key) + nullable_bytes(header.value);
  }
  return size;
}

std::size_t RecordBatchBuilder::bytes_of(const NewRecord& record) const {
  const std::size_t body = body_bytes(record);
  return varint_bytes(static_cast<std::int64_t>(body)) + body;
}

void RecordBatchBuilder::append(const NewRecord& record) {
  const std::size_t begin = batch_.size();
  ByteWriter out(batch_);
  out.varint(static_cast<std::int64_t>(body_bytes(record)));
  out.integer<std::int8_t>(0);  // attributes: none is in use
  out.varint(timestamp_delta(record));
  out.varint(record_count_);
  write_nullable(out, record.key);
  write_nullable(out, record.value);
  out.varint(static_cast<std::int64_t>(record.headers.size()));
  for (const Header& header : record.headers) {
    write_nullable(out, header.key);
    write_nullable(out, header.value);
  }
  records_crc_ = cli::crc32c(std::string_view(batch_).substr(begin), records_crc_);
  if (record_count_ == 0) base_timestamp_ms_ = max_timestamp_ms_ = record.timestamp_ms;
  max_timestamp_ms_ = std::max(max_timestamp_ms_, record.timestamp_ms);
  ++record_count_;
}

cli::Result<std::string_view> RecordBatchBuilder::finish(const BatchOptions& options) {
  if (record_count_ == 0) return cli::fail("a record batch without records");
  std::string& batch = options.compression == CompressionType::kNone ? batch_ : compressed_;
  std::uint32_t records_crc = records_crc_;
  if (options.compression != CompressionType::kNone) {
    compressed_.assign(kRecordBatchHeaderBytes, '\0');
    const auto records = std::string_view(batch_).substr(kRecordBatchHeaderBytes);
    if (auto done = compressor_.compress(options.compression, 2, records, compressed_); !done) {
      return tl::make_unexpected(done.error());
    }
    records_crc = cli::crc32c(std::string_view(compressed_).substr(kRecordBatchHeaderBytes));
  }
  if (batch.size() > std::numeric_limits<std::int32_t>::max()) {
    return cli::fail("a record batch of more than 2 GiB");
  }
  const unsigned attributes = static_cast<unsigned>(options.compression) |
                              (options.transactional ? kTransactionalBit : 0) |
                              (options.control ? kControlBit : 0);
  std::string covered;  // the part of the header that the CRC covers
  ByteWriter after_crc(covered);
  after_crc.integer(static_cast<std::uint16_t>(attributes));
  after_crc.integer(record_count_ - 1);  // last offset delta
  after_crc.integer(base_timestamp_ms_);
  after_crc.integer(max_timestamp_ms_);
  after_crc.integer(options.producer_id);
  after_crc.integer(options.producer_epoch);
  after_crc.integer(options.base_sequence);
  after_crc.integer(record_count_);
  batch.replace(kBatchCrcEnd, covered.size(), covered);
  std::string start;
  ByteWriter before_crc(start);
  before_crc.integer(options.base_offset);
  before_crc.integer(static_cast<std::int32_t>(batch.size() - kBatchLengthEnd));
  before_crc.integer(options.partition_leader_epoch);
  before_crc.integer<std::int8_t>(2);  // magic
  before_crc.integer(
      cli::join_crc32c(cli::crc32c(covered), records_crc, batch.size() - kRecordBatchHeaderBytes));
  batch.replace(0, start.size(), start);
  return batch;
}

}  // namespace ks::wire
