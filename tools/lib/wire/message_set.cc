#include "lib/wire/message_set.h"

#include <zlib.h>

#include <algorithm>

namespace ks::wire {
namespace {

std::uint32_t crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

void write_nullable(ByteWriter& out, const std::optional<std::string_view>& bytes) {
  out.integer(bytes ? static_cast<std::int32_t>(bytes->size()) : -1);
  out.bytes(bytes.value_or(""));
}

void write_message(std::string& out, const Message& message) {
  std::string covered;  // by the CRC
  ByteWriter body(covered);
  body.integer(message.magic);
  body.integer(static_cast<std::int8_t>(message.compression));
  if (message.magic == 1) body.integer(message.record.timestamp_ms);
  write_nullable(body, message.record.key);
  write_nullable(body, message.record.value);
  ByteWriter writer(out);
  writer.integer(message.record.offset);
  writer.integer(static_cast<std::int32_t>(sizeof(std::uint32_t) + covered.size()));
  writer.integer(crc32(covered));
  writer.bytes(covered);
}

}  // namespace

Message read_message(ByteReader& in, bool check_crc) {
  Message message;
  message.record.offset = in.integer<std::int64_t>("offset");
  const auto size = in.integer<std::int32_t>("message size");
  if (size < kShortestMessage) in.fail("too small", "message size");
  if (static_cast<std::size_t>(size) > in.left()) in.fail("truncated", "message size");
  const std::size_t end = in.offset() + static_cast<std::size_t>(size);
  const auto crc = in.integer<std::uint32_t>("CRC");
  const std::string_view covered = in.rest().substr(0, end - in.offset());
  if (in.ok() && check_crc && crc != crc32(covered)) in.fail("does not match the bytes", "CRC");
  message.magic = in.integer<std::int8_t>("magic");
  if (message.magic != 0 && message.magic != 1) in.fail("neither 0 nor 1", "magic");
  const unsigned attributes = in.integer<std::uint8_t>("attributes");
  message.compression = static_cast<CompressionType>(attributes & kCompressionMask);
  if (message.magic == 1) {
    message.record.timestamp_ms = in.integer<std::int64_t>("timestamp");
    message.timestamp_type = (attributes & kLogAppendTimeBit) != 0 ? TimestampType::kLogAppendTime
                                                                   : TimestampType::kCreateTime;
  }
  message.record.key = in.nullable(in.integer<std::int32_t>("key length"), "key length");
  message.record.value = in.nullable(in.integer<std::int32_t>("value length"), "value length");
  if (in.offset() != end) in.fail("differs from the message's fields", "message size");
  return message;
}

MessageOffsets read_message_offsets(ByteReader& in) {
  MessageOffsets offsets;
  do {
    offsets.last = in.integer<std::int64_t>("offset");
    if (offsets.count == 0) offsets.first = offsets.last;
    in.bytes(in.integer<std::uint32_t>("message size"), "message size");
    ++offsets.count;
  } while (in.ok() && in.left() > 0);
  return offsets;
}

cli::Result<std::string> encode_message_set(std::int8_t magic, CompressionType compression,
                                            std::span<const Record> records,
                                            Compressor& compressor) {
  const bool is_wrapped = compression != CompressionType::kNone;
  if (is_wrapped && records.empty()) return cli::fail("nothing to compress in a message set");
  Message wrapper{magic, compression, TimestampType::kCreateTime, {}};
  std::string set;
  for (const Record& record : records) {
    Message message{magic, CompressionType::kNone, TimestampType::kCreateTime, record};
    if (is_wrapped && magic == 1) message.record.offset -= records.front().offset;
    write_message(set, message);
    wrapper.record.timestamp_ms = std::max(wrapper.record.timestamp_ms, record.timestamp_ms);
  }
  if (!is_wrapped) return set;
  std::string compressed;
  if (auto done = compressor.compress(compression, magic, set, compressed); !done) {
    return tl::make_unexpected(done.error());
  }
  wrapper.record.offset = records.back().offset;
  wrapper.record.value = compressed;
  std::string wrapped;
  write_message(wrapped, wrapper);
  return wrapped;
}

}  // namespace ks::wire
