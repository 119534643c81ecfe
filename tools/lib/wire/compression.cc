#include "lib/wire/compression.h"

#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

#include "lib/wire/bytes.h"
#include "lib/wire/compression_lz4.h"

namespace ks::wire {
namespace {

// A context of a C library, created when it is first needed.
template <typename T, auto kCreate, auto kFree>
class Context {
 public:
  T* get() {
    if (!context_) context_.reset(kCreate());
    return context_.get();
  }

 private:
  struct Free {
    void operator()(T* context) const { kFree(context); }
  };
  std::unique_ptr<T, Free> context_;
};

constexpr int kGzipWindowBits = 15 + 16;  // zlib's way to say gzip

z_stream* create_deflate() {
  auto stream = std::make_unique<z_stream>();
  constexpr int kMemoryLevel = 8;
  const int code = deflateInit2(stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindowBits,
                                kMemoryLevel, Z_DEFAULT_STRATEGY);
  return code == Z_OK ? stream.release() : nullptr;
}

void free_deflate(z_stream* stream) {
  deflateEnd(stream);
  delete stream;
}

z_stream* create_inflate() {
  auto stream = std::make_unique<z_stream>();
  return inflateInit2(stream.get(), kGzipWindowBits) == Z_OK ? stream.release() : nullptr;
}

void free_inflate(z_stream* stream) {
  inflateEnd(stream);
  delete stream;
}

LZ4F_dctx* create_lz4() {
  LZ4F_dctx* context = nullptr;
  return LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0U ? nullptr
                                                                                     : context;
}

// zlib takes bytes that it only reads by a pointer to mutable ones.
Bytef* zlib_bytes(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

tl::unexpected<cli::Error> no_memory() { return cli::fail("no memory for a codec"); }

tl::unexpected<cli::Error> unknown(CompressionType type) {
  return cli::fail("unknown compression " + compression_name(type));
}

// Lengths in batches are 31 bits, which spares every codec its own limit.
bool is_too_long(std::string_view bytes) {
  return bytes.size() > std::numeric_limits<std::int32_t>::max();
}

}  // namespace

std::string compression_name(CompressionType type) {
  switch (type) {
    case CompressionType::kNone:
      return "none";
    case CompressionType::kGzip:
      return "gzip";
    case CompressionType::kSnappy:
      return "snappy";
    case CompressionType::kLz4:
      return "lz4";
    case CompressionType::kZstd:
      return "zstd";
  }
  return "type " + std::to_string(static_cast<int>(type));
}

// ---- compressing --------------------------------------------------------------------------------

struct Compressor::State {
  Context<z_stream, create_deflate, free_deflate> deflate;
  Context<ZSTD_CCtx, ZSTD_createCCtx, ZSTD_freeCCtx> zstd;
};

namespace {

cli::Result<std::size_t> gzip(z_stream* stream, std::string_view bytes, std::string& out,
                              std::size_t at) {
  if (stream == nullptr || deflateReset(stream) != Z_OK) return no_memory();
  out.resize(at + deflateBound(stream, bytes.size()));
  stream->next_in = zlib_bytes(bytes);
  stream->avail_in = static_cast<uInt>(bytes.size());
  stream->next_out = reinterpret_cast<Bytef*>(out.data() + at);
  stream->avail_out = static_cast<uInt>(out.size() - at);
  if (deflate(stream, Z_FINISH) != Z_STREAM_END) return cli::fail("gzip did not finish");
  return stream->total_out;
}

std::size_t snappy_block(std::string_view bytes, std::string& out, std::size_t at) {
  out.resize(at + snappy::MaxCompressedLength(bytes.size()));
  std::size_t size = 0;
  snappy::RawCompress(bytes.data(), bytes.size(), out.data() + at, &size);
  return size;
}

cli::Result<std::size_t> lz4_frame(std::string_view bytes, std::int8_t magic, std::string& out,
                                   std::size_t at) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.blockMode = LZ4F_blockIndependent;  // the Java client reads no other
  out.resize(at + LZ4F_compressFrameBound(bytes.size(), &preferences));
  const std::size_t size = LZ4F_compressFrame(out.data() + at, out.size() - at, bytes.data(),
                                              bytes.size(), &preferences);
  if (LZ4F_isError(size) != 0U) return cli::fail("lz4: " + std::string(LZ4F_getErrorName(size)));
  if (magic == 0) set_magic0_lz4_checksum(out, at);
  return size;
}

cli::Result<std::size_t> zstd_frame(ZSTD_CCtx* context, std::string_view bytes, std::string& out,
                                    std::size_t at) {
  if (context == nullptr) return no_memory();
  out.resize(at + ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compress2(context, out.data() + at, out.size() - at, bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0U) return cli::fail("zstd: " + std::string(ZSTD_getErrorName(size)));
  return size;
}

}  // namespace

cli::Result<void> Compressor::compress(CompressionType type, std::int8_t magic,
                                       std::string_view bytes, std::string& out) {
  if (is_too_long(bytes)) return cli::fail("more than 2 GiB to compress");
  const std::size_t at = out.size();
  cli::Result<std::size_t> size = unknown(type);
  switch (type) {
    case CompressionType::kNone:
      out += bytes;
      size = bytes.size();
      break;
    case CompressionType::kGzip:
      size = gzip(state_->deflate.get(), bytes, out, at);
      break;
    case CompressionType::kSnappy:
      size = snappy_block(bytes, out, at);
      break;
    case CompressionType::kLz4:
      size = lz4_frame(bytes, magic, out, at);
      break;
    case CompressionType::kZstd:
      size = zstd_frame(state_->zstd.get(), bytes, out, at);
      break;
  }
  out.resize(at + size.value_or(0));
  if (!size) return tl::make_unexpected(size.error());
  return {};
}

// ---- decompressing ------------------------------------------------------------------------------

struct Decompressor::State {
  std::size_t most_bytes = 0;
  std::string buffer;  // as long as it ever had to be: its bytes are zeroed once only
  Context<z_stream, create_inflate, free_inflate> inflate;
  Context<LZ4F_dctx, create_lz4, LZ4F_freeDecompressionContext> lz4;
  Context<ZSTD_DCtx, ZSTD_createDCtx, ZSTD_freeDCtx> zstd;
};

namespace {

// What one call of a codec took and gave.
struct Step {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  bool ended = false;           // a whole stream
  const char* error = nullptr;  // in the codec's words
};

tl::unexpected<cli::Error> too_much(std::size_t most_bytes) {
  return cli::fail("decompresses to more than " + std::to_string(most_bytes) + " bytes");
}

// Runs `decode(bytes, out, room)` until every stream in `bytes` has ended. One byte more than the
// limit is room enough to see that the limit is exceeded.
template <typename Decode>
cli::Result<std::string_view> decode_streams(std::string_view bytes, std::size_t most_bytes,
                                             std::string& buffer, Decode decode) {
  constexpr std::size_t kFirstRoom = 64 * 1024;
  std::size_t used = 0;
  for (bool ended = false; !ended || !bytes.empty();) {
    if (used > most_bytes) return too_much(most_bytes);
    if (used == buffer.size()) {
      buffer.resize(std::min(std::max(2 * used, kFirstRoom), most_bytes + 1));
    }
    const Step step = decode(bytes, buffer.data() + used, buffer.size() - used);
    if (step.error != nullptr) return cli::fail(step.error);
    if (step.consumed == 0 && step.produced == 0 && !step.ended) return cli::fail("truncated");
    bytes.remove_prefix(step.consumed);
    used += step.produced;
    ended = step.ended;
  }
  if (used > most_bytes) return too_much(most_bytes);
  return std::string_view(buffer).substr(0, used);
}

Step inflate_step(z_stream* stream, std::string_view bytes, char* out, std::size_t room) {
  stream->next_in = zlib_bytes(bytes);
  stream->avail_in = static_cast<uInt>(bytes.size());
  stream->next_out = reinterpret_cast<Bytef*>(out);
  stream->avail_out =
      static_cast<uInt>(std::min<std::size_t>(room, std::numeric_limits<uInt>::max()));
  const uInt given = stream->avail_out;
  const int code = inflate(stream, Z_NO_FLUSH);
  Step step{bytes.size() - stream->avail_in, given - stream->avail_out, code == Z_STREAM_END};
  if (code == Z_STREAM_END) {
    inflateReset(stream);
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    step.error = stream->msg != nullptr ? stream->msg : zError(code);
  }
  return step;
}

Step lz4_step(LZ4F_dctx* context, std::string_view bytes, char* out, std::size_t room) {
  Step step{bytes.size(), room};
  const std::size_t hint =
      LZ4F_decompress(context, out, &step.produced, bytes.data(), &step.consumed, nullptr);
  step.ended = hint == 0;
  if (LZ4F_isError(hint) != 0U) step.error = LZ4F_getErrorName(hint);
  return step;
}

Step zstd_step(ZSTD_DCtx* context, std::string_view bytes, char* out, std::size_t room) {
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer to{out, room, 0};
  const std::size_t hint = ZSTD_decompressStream(context, &to, &from);
  Step step{from.pos, to.pos, hint == 0};
  if (ZSTD_isError(hint) != 0U) step.error = ZSTD_getErrorName(hint);
  return step;
}

// One raw block, behind `used` bytes of the buffer; its size.
cli::Result<std::size_t> decode_snappy_block(std::string_view block, std::size_t most_bytes,
                                             std::string& buffer, std::size_t used) {
  // The longest copy, 64 bytes, takes three: a claim of more is no reason to allocate.
  constexpr std::size_t kMostExpansion = 64 / 3 + 1;
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &size) ||
      size / kMostExpansion > block.size()) {
    return cli::fail("impossible length");
  }
  if (size > most_bytes - used) return too_much(most_bytes);
  if (buffer.size() < used + size) buffer.resize(used + size);
  if (!snappy::RawUncompress(block.data(), block.size(), buffer.data() + used)) {
    return cli::fail("corrupt block");
  }
  return size;
}

// A raw block, or xerial's frames: magic, two versions, then blocks that each follow their length.
cli::Result<std::string_view> decode_snappy(std::string_view bytes, std::size_t most_bytes,
                                            std::string& buffer) {
  constexpr std::string_view kXerialMagic("\x82SNAPPY\0", 8);
  std::size_t used = 0;
  if (!bytes.starts_with(kXerialMagic)) {
    const auto size = decode_snappy_block(bytes, most_bytes, buffer, used);
    if (!size) return tl::make_unexpected(size.error());
    return std::string_view(buffer).substr(0, *size);
  }
  ByteReader reader(bytes);
  reader.bytes(kXerialMagic.size() + 2 * sizeof(std::int32_t));
  while (reader.ok() && reader.left() > 0) {
    const auto length = reader.integer<std::uint32_t>();
    const std::string_view block = reader.bytes(length);
    if (!reader.ok()) break;
    const auto size = decode_snappy_block(block, most_bytes, buffer, used);
    if (!size) return tl::make_unexpected(size.error());
    used += *size;
  }
  if (!reader.ok()) return cli::fail(reader.error());
  return std::string_view(buffer).substr(0, used);
}

cli::Result<std::string_view> decode_lz4(LZ4F_dctx* context, std::int8_t magic,
                                         std::string_view bytes, std::size_t most_bytes,
                                         std::string& buffer) {
  if (context == nullptr) return no_memory();
  LZ4F_resetDecompressionContext(context);
  if (magic == 0) {
    const std::string header = standard_lz4_header(bytes);
    const Step step = lz4_step(context, header, nullptr, 0);
    if (step.error != nullptr) return cli::fail(step.error);
    bytes.remove_prefix(step.consumed);
  }
  return decode_streams(bytes, most_bytes, buffer, [&](auto in, char* out, std::size_t room) {
    return lz4_step(context, in, out, room);
  });
}

}  // namespace

Decompressor::Decompressor(std::size_t most_bytes) : state_(std::make_unique<State>()) {
  state_->most_bytes = most_bytes;
}
Decompressor::~Decompressor() = default;

cli::Result<std::string_view> Decompressor::decompress(CompressionType type, std::int8_t magic,
                                                       std::string_view bytes) {
  if (is_too_long(bytes)) return cli::fail("more than 2 GiB to decompress");
  switch (type) {
    case CompressionType::kNone:
      return bytes;
    case CompressionType::kGzip: {
      z_stream* stream = state_->inflate.get();
      if (stream == nullptr || inflateReset(stream) != Z_OK) return no_memory();
      return decode_streams(bytes, state_->most_bytes, state_->buffer,
                            [&](auto in, char* out, std::size_t room) {
                              return inflate_step(stream, in, out, room);
                            });
    }
    case CompressionType::kSnappy:
      return decode_snappy(bytes, state_->most_bytes, state_->buffer);
    case CompressionType::kLz4:
      return decode_lz4(state_->lz4.get(), magic, bytes, state_->most_bytes, state_->buffer);
    case CompressionType::kZstd: {
      ZSTD_DCtx* context = state_->zstd.get();
      if (context == nullptr) return no_memory();
      ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
      return decode_streams(
          bytes, state_->most_bytes, state_->buffer,
          [&](auto in, char* out, std::size_t room) { return zstd_step(context, in, out, room); });
    }
  }
  return unknown(type);
}

}  // namespace ks::wire
