#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lib/cli/error.h"

namespace ks::wire {

// The lowest three bits of the attributes of record batches and message sets (Kafka documentation,
// "Message Format").
enum class CompressionType : std::uint8_t { kNone, kGzip, kSnappy, kLz4, kZstd };

// "gzip", as Kafka's compression.type; "type 5" for one that Kafka does not have.
std::string compression_name(CompressionType type);

// Far above the batches that brokers accept by default.
inline constexpr std::size_t kMostDecompressedBytes = std::size_t{128} << 20;

// Both directions need the magic of the batch or message set that the bytes belong to: an LZ4 frame
// of magic 0 has a header checksum that covers the frame's magic number, too, which LZ4's
// specification does not have (KIP-57). Neither is for two threads, and both keep their tables
// between calls.

// Compresses, at each codec's default level.
class Compressor {
 public:
  Compressor();
  ~Compressor();

  // Appends to `out`. Snappy becomes one raw block, as librdkafka writes it; the Java client writes
  // blocks in the frames of xerial's library. Either reads both.
  cli::Result<void> compress(CompressionType type, std::int8_t magic, std::string_view bytes,
                             std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Decompresses, into a buffer that it owns and reuses.
class Decompressor {
 public:
  // What decompresses to more than `most_bytes` is an error.
  explicit Decompressor(std::size_t most_bytes = kMostDecompressedBytes);
  ~Decompressor();

  // The result is valid until the next call. The buffer grows with what comes out, not to what the
  // bytes claim to hold. Truncated streams are errors, as are other bytes behind them; several
  // streams of gzip, LZ4 or zstd may follow each other. Snappy may be in xerial's frames, or not.
  cli::Result<std::string_view> decompress(CompressionType type, std::int8_t magic,
                                           std::string_view bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ks::wire
