#include "lib/wire/record_batch.h"

namespace ks::wire {
namespace {

Header read_header(ByteReader& in) {
  const auto key = in.nullable(in.varint("header key length"), "header key length");
  if (!key) in.fail("null", "header key length");
  Header header{key.value_or(""), {}};
  header.value = in.nullable(in.varint("header value length"), "header value length");
  return header;
}

HeaderList read_headers(ByteReader& in) {
  constexpr std::size_t kLeastBytes = 2;  // two lengths
  const std::int32_t count = in.varint("header count");
  if (count == 0) return {};
  if (count < 0 || static_cast<std::size_t>(count) > in.left() / kLeastBytes) {
    in.fail("more than there are bytes for", "header count");
  }
  const std::string_view rest = in.rest();
  for (std::int32_t i = 0; i < count && in.ok(); ++i) read_header(in);
  return {count, rest.substr(0, rest.size() - in.left())};
}

}  // namespace

void HeaderList::Iterator::decode() {
  if (left_ > 0) header_ = read_header(in_);
}

cli::Result<ControlRecord> decode_control(const Record& record) {
  ByteReader in(record.key.value_or(""));
  ControlRecord control;
  control.version = in.integer<std::int16_t>();
  control.type = static_cast<ControlType>(in.integer<std::int16_t>());
  if (!in.ok() || control.version < 0) {
    return cli::fail("malformed key of a control record",
                     "offset " + std::to_string(record.offset));
  }
  return control;
}

RecordBatch read_batch_header(ByteReader& in) {
  RecordBatch batch;
  batch.base_offset = in.integer<std::int64_t>("base offset");
  in.integer<std::int32_t>("length");
  batch.partition_leader_epoch = in.integer<std::int32_t>("partition leader epoch");
  batch.magic = in.integer<std::int8_t>("magic");
  in.integer<std::uint32_t>("CRC");
  const unsigned attributes = in.integer<std::uint16_t>("attributes");
  batch.compression = static_cast<CompressionType>(attributes & kCompressionMask);
  batch.timestamp_type = (attributes & kLogAppendTimeBit) != 0 ? TimestampType::kLogAppendTime
                                                               : TimestampType::kCreateTime;
  batch.transactional = (attributes & kTransactionalBit) != 0;
  batch.control = (attributes & kControlBit) != 0;
  const auto last_offset_delta = in.integer<std::int32_t>("last offset delta");
  batch.base_timestamp_ms = in.integer<std::int64_t>("base timestamp");
  batch.max_timestamp_ms = in.integer<std::int64_t>("max timestamp");
  batch.producer_id = in.integer<std::int64_t>("producer id");
  batch.producer_epoch = in.integer<std::int16_t>("producer epoch");
  batch.base_sequence = in.integer<std::int32_t>("base sequence");
  batch.record_count = in.integer<std::int32_t>("record count");
  if (batch.base_offset < 0) in.fail("negative", "base offset");
  if (last_offset_delta < 0) in.fail("negative", "last offset delta");
  if (__builtin_add_overflow(batch.base_offset, last_offset_delta, &batch.last_offset)) {
    in.fail("too large", "base offset");
  }
  if (batch.record_count < 0) in.fail("negative", "record count");
  return batch;
}

void read_record(ByteReader& in, const RecordBatch& batch, std::int64_t& last_delta,
                 Record& record) {
  const std::int32_t length = in.varint("record length");
  const std::size_t end = in.offset() + static_cast<std::size_t>(length);
  in.integer<std::int8_t>("record attributes");
  const std::int64_t timestamp_delta = in.varlong("timestamp delta");
  const std::int64_t offset_delta = in.varint("offset delta");
  record.key = in.nullable(in.varint("key length"), "key length");
  record.value = in.nullable(in.varint("value length"), "value length");
  record.headers = read_headers(in);
  // Also where a field ran past this record, into the next.
  if (in.offset() != end) in.fail("differs from the record's fields", "record length");
  if (offset_delta <= last_delta) in.fail("not above the one before", "offset delta");
  if (offset_delta > batch.last_offset - batch.base_offset) {
    in.fail("beyond the last one", "offset delta");
  }
  if (!in.ok()) return;
  last_delta = offset_delta;
  record.offset = batch.base_offset + offset_delta;
  record.timestamp_ms = batch.max_timestamp_ms;
  if (batch.timestamp_type == TimestampType::kCreateTime) {
    // May wrap around: it is whatever a producer set.
    __builtin_add_overflow(batch.base_timestamp_ms, timestamp_delta, &record.timestamp_ms);
  }
}

}  // namespace ks::wire
