#include "lib/wire/record_batch_reader.h"

#include "lib/cli/crc32c.h"
#include "lib/wire/message_set.h"

namespace ks::wire {
namespace {

std::string hex(std::uint32_t value) {
  char text[11];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

}  // namespace

void RecordReader::open(std::string_view records, bool check_crcs) {
  records_ = records;
  check_crcs_ = check_crcs;
  at_ = 0;
  left_ = 0;
  truncated_ = false;
  body_ = ByteReader({});
}

tl::unexpected<cli::Error> RecordReader::malformed(const std::string& what,
                                                   const std::string& field, std::size_t at) {
  left_ = 0;
  body_ = ByteReader({});
  const std::string place = "byte " + std::to_string(at);
  return cli::fail("malformed record batch: " + field + ": " + what,
                   (decompressed_ ? place + " of the decompressed records" : place) +
                       ", batch at byte " + std::to_string(batch_at_) + ", base offset " +
                       std::to_string(batch_.base_offset));
}

tl::unexpected<cli::Error> RecordReader::malformed(const ByteReader& in) {
  return malformed(in.error(), in.field(), in.offset() + (decompressed_ ? 0 : batch_at_));
}

cli::Result<bool> RecordReader::next_batch() {
  left_ = 0;
  body_ = ByteReader({});
  decompressed_ = false;
  const std::string_view bytes = records_.substr(at_);
  if (bytes.empty()) return false;
  batch_at_ = at_;
  at_ = records_.size();  // until it is known where the batch ends
  ByteReader in(bytes);
  RecordBatch start;  // what every magic has in the same place
  start.base_offset = in.integer<std::int64_t>();
  const auto length = in.integer<std::int32_t>();
  truncated_ = !in.ok();
  if (truncated_) return false;
  if (length < kShortestMessage) in.fail("impossible", "length");
  if (bytes.size() > kBatchMagicAt) start.magic = static_cast<std::int8_t>(bytes[kBatchMagicAt]);
  if (start.magic < 0 || start.magic > 2) in.fail("unknown", "magic");
  if (!in.ok()) {
    batch_ = start;
    return malformed(in);
  }
  const std::size_t size = kBatchLengthEnd + static_cast<std::size_t>(length);
  truncated_ = bytes.size() < size;
  if (truncated_) return false;
  at_ = batch_at_ + size;
  return start.magic == 2 ? open_batch(bytes.substr(0, size)) : open_message(bytes.substr(0, size));
}

cli::Result<bool> RecordReader::open_batch(std::string_view bytes) {
  body_ = ByteReader(bytes);
  batch_ = read_batch_header(body_);
  if (check_crcs_) {
    const auto stored = ByteReader(bytes.substr(kBatchCrcAt)).integer<std::uint32_t>();
    const std::uint32_t computed = cli::crc32c(bytes.substr(kBatchCrcEnd));
    if (stored != computed) {
      return malformed(hex(stored) + ", but its bytes have " + hex(computed), "CRC",
                       batch_at_ + kBatchCrcAt);
    }
  }
  if (!body_.ok()) return malformed(body_);
  if (batch_.compression != CompressionType::kNone && body_.left() > 0) {
    const auto records = decompressor_.decompress(batch_.compression, batch_.magic, body_.rest());
    if (!records) {
      return malformed(records.error().what, "records", batch_at_ + body_.offset());
    }
    decompressed_ = true;
    body_ = ByteReader(*records);
  }
  left_ = batch_.record_count;
  last_delta_ = -1;
  return true;
}

cli::Result<bool> RecordReader::open_message(std::string_view bytes) {
  ByteReader in(bytes);
  const Message message = read_message(in, check_crcs_);
  batch_ = {};
  batch_.base_offset = batch_.last_offset = message.record.offset;
  batch_.magic = message.magic;
  batch_.compression = message.compression;
  batch_.timestamp_type = message.timestamp_type;
  batch_.base_timestamp_ms = batch_.max_timestamp_ms = message.record.timestamp_ms;
  batch_.record_count = 1;
  offset_shift_ = 0;
  if (!in.ok()) return malformed(in);
  if (message.compression != CompressionType::kNone) return open_message_set(message);
  body_ = ByteReader(bytes);
  left_ = 1;
  return true;
}

cli::Result<bool> RecordReader::open_message_set(const Message& wrapper) {
  const Record& outer = wrapper.record;
  if (wrapper.compression == CompressionType::kZstd) {
    return malformed("zstd in a message set", "attributes", batch_at_);  // KIP-110
  }
  if (!outer.value) return malformed("null in a compressed set", "value length", batch_at_);
  const auto set = decompressor_.decompress(wrapper.compression, wrapper.magic, *outer.value);
  if (!set) return malformed(set.error().what, "value", batch_at_);
  decompressed_ = true;
  ByteReader in(*set);
  const MessageOffsets inner = read_message_offsets(in);
  if (!in.ok()) return malformed(in);
  // librdkafka's producer leaves the wrapper's offset 0; no broker does.
  if (wrapper.magic == 1 && outer.offset != 0 &&
      (inner.last > outer.offset ||
       __builtin_sub_overflow(outer.offset, inner.last, &offset_shift_))) {
    return malformed("beyond that of the whole set", "offset", 0);
  }
  __builtin_add_overflow(inner.first, offset_shift_, &batch_.base_offset);
  __builtin_add_overflow(inner.last, offset_shift_, &batch_.last_offset);
  batch_.record_count = left_ = inner.count;
  body_ = ByteReader(*set);
  return true;
}

cli::Result<bool> RecordReader::next(Record& record) {
  if (left_ == 0) {
    if (body_.left() == 0) return false;
    body_.fail("bytes behind the last record", "record count");
    return malformed(body_);
  }
  --left_;
  if (batch_.magic == 2) {
    read_record(body_, batch_, last_delta_, record);
  } else {
    next_message(record);
  }
  if (!body_.ok()) return malformed(body_);
  return true;
}

void RecordReader::next_message(Record& record) {
  const Message message = read_message(body_, check_crcs_ && decompressed_);
  record = message.record;
  if (!decompressed_) return;
  if (message.compression != CompressionType::kNone) body_.fail("compressed twice", "attributes");
  __builtin_add_overflow(record.offset, offset_shift_, &record.offset);
  if (batch_.timestamp_type == TimestampType::kLogAppendTime) {
    record.timestamp_ms = batch_.max_timestamp_ms;
  }
}

}  // namespace ks::wire
