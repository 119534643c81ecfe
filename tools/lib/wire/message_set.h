#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "lib/cli/error.h"
#include "lib/wire/bytes.h"
#include "lib/wire/compression.h"
#include "lib/wire/record_batch.h"

// The message sets of magic 0 and 1 (Kafka documentation, "Old Message Format"; KIP-31, KIP-32). A
// compressed set is the value of one message, which has the offset of the last one inside; offsets
// inside are those of the log in magic 0, and relative in magic 1.
namespace ks::wire {

struct Message {
  std::int8_t magic = 0;
  CompressionType compression = CompressionType::kNone;
  TimestampType timestamp_type = TimestampType::kNone;
  Record record;
};

inline constexpr std::int32_t kShortestMessage = 14;  // of magic 0, with neither key nor value

// The message that `in` is at. Fails `in` where a field has what it cannot have, or where the
// CRC-32 is to be checked and wrong.
Message read_message(ByteReader& in, bool check_crc);

struct MessageOffsets {
  std::int32_t count = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
};

// Those of the whole set that `in` is at. Fails `in` where that is truncated or empty.
MessageOffsets read_message_offsets(ByteReader& in);

// Encodes records, which must not be empty and lose their headers and, in magic 0, timestamps.
// Their offsets are written as a log has them; a producer's begin at 0.
cli::Result<std::string> encode_message_set(std::int8_t magic, CompressionType compression,
                                            std::span<const Record> records,
                                            Compressor& compressor);

}  // namespace ks::wire
