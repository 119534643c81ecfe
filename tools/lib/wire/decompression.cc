#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "lib/wire/bytes.h"
#include "lib/wire/compression.h"
#include "lib/wire/compression_context.h"
#include "lib/wire/compression_lz4.h"

namespace ks::wire {
namespace {

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
  const auto code = LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
  return LZ4F_isError(code) != 0U ? nullptr : context;
}

// What one call of a codec took and gave.
struct Step {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  bool ended = false;           // a whole stream
  const char* error = nullptr;  // in the codec's words
};

Step gzip_step(z_stream* stream, std::string_view bytes, char* out, std::size_t room) {
  const std::size_t most = std::numeric_limits<uInt>::max();
  const auto given = static_cast<uInt>(std::min(room, most));
  stream->next_in = zlib_bytes(bytes);
  stream->avail_in = static_cast<uInt>(bytes.size());
  stream->next_out = reinterpret_cast<Bytef*>(out);
  stream->avail_out = given;
  const int code = inflate(stream, Z_NO_FLUSH);
  Step step{bytes.size() - stream->avail_in, given - stream->avail_out, code == Z_STREAM_END};
  if (step.ended) {
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
  ZSTD_outBuffer to{};
  to.dst = out;
  to.size = room;
  const std::size_t hint = ZSTD_decompressStream(context, &to, &from);
  Step step{from.pos, to.pos, hint == 0};
  if (ZSTD_isError(hint) != 0U) step.error = ZSTD_getErrorName(hint);
  return step;
}

}  // namespace

struct Decompressor::State {
  using Plain = cli::Result<std::string_view>;

  Plain decode(CompressionType type, std::int8_t magic, std::string_view bytes);
  Plain gzip(std::string_view bytes);
  Plain lz4(std::string_view bytes, std::int8_t magic);
  Plain zstd(std::string_view bytes);
  Plain snappy(std::string_view bytes);

  // Steps until all streams in `bytes` have ended.
  template <typename T>
  Plain run(Step (*step)(T*, std::string_view, char*, std::size_t), T* context,
            std::string_view bytes);
  // Appends the content of one raw block to the first `used` bytes of the buffer.
  cli::Result<void> append_snappy(std::string_view block, std::size_t& used);
  Plain result(std::size_t used) const { return std::string_view(buffer).substr(0, used); }
  tl::unexpected<cli::Error> too_much() const {
    return cli::fail("more than " + std::to_string(most_bytes) + " bytes");
  }

  std::size_t most_bytes = 0;
  std::string buffer;  // never made shorter: that would have its bytes zeroed again
  Context<z_stream, create_inflate, free_inflate> gzip_context;
  Context<LZ4F_dctx, create_lz4, LZ4F_freeDecompressionContext> lz4_context;
  Context<ZSTD_DCtx, ZSTD_createDCtx, ZSTD_freeDCtx> zstd_context;
};

template <typename T>
Decompressor::State::Plain Decompressor::State::run(Step (*step)(T*, std::string_view, char*,
                                                                 std::size_t),
                                                    T* context, std::string_view bytes) {
  constexpr std::size_t kFirstRoom = std::size_t{64} << 10;
  std::size_t used = 0;
  for (bool ended = false; !ended || !bytes.empty();) {
    if (used == buffer.size()) {
      // One byte more than the limit shows that it is exceeded.
      buffer.resize(std::min(std::max(2 * used, kFirstRoom), most_bytes + 1));
    }
    const Step done = step(context, bytes, buffer.data() + used, buffer.size() - used);
    if (done.error != nullptr) return cli::fail(done.error);
    if (done.consumed == 0 && done.produced == 0 && !done.ended) return cli::fail("truncated");
    bytes.remove_prefix(done.consumed);
    used += done.produced;
    ended = done.ended;
    if (used > most_bytes) return too_much();
  }
  return result(used);
}

Decompressor::State::Plain Decompressor::State::gzip(std::string_view bytes) {
  z_stream* context = gzip_context.get();
  if (context == nullptr || inflateReset(context) != Z_OK) return no_memory();
  return run(gzip_step, context, bytes);
}

Decompressor::State::Plain Decompressor::State::lz4(std::string_view bytes, std::int8_t magic) {
  LZ4F_dctx* context = lz4_context.get();
  if (context == nullptr) return no_memory();
  LZ4F_resetDecompressionContext(context);
  if (magic == 0) {
    const Step done = lz4_step(context, standard_lz4_header(bytes), nullptr, 0);
    if (done.error != nullptr) return cli::fail(done.error);
    bytes.remove_prefix(done.consumed);
  }
  return run(lz4_step, context, bytes);
}

Decompressor::State::Plain Decompressor::State::zstd(std::string_view bytes) {
  ZSTD_DCtx* context = zstd_context.get();
  if (context == nullptr) return no_memory();
  // The context allocates the window that a frame asks for; by default at most 128 MiB.
  ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
  return run(zstd_step, context, bytes);
}

cli::Result<void> Decompressor::State::append_snappy(std::string_view block, std::size_t& used) {
  // The longest copy is 64 bytes, and takes 3: a greater length is nothing to allocate for.
  constexpr std::size_t kMostExpansion = 64 / 3 + 1;
  std::size_t size = 0;
  if (!::snappy::GetUncompressedLength(block.data(), block.size(), &size) ||
      size / kMostExpansion > block.size()) {
    return cli::fail("impossible length");
  }
  if (size > most_bytes - used) return too_much();
  if (buffer.size() < used + size) buffer.resize(used + size);
  if (!::snappy::RawUncompress(block.data(), block.size(), buffer.data() + used)) {
    return cli::fail("malformed block");
  }
  used += size;
  return {};
}

// One raw block, or xerial's frames: a magic number, two versions, then blocks behind their
// lengths.
Decompressor::State::Plain Decompressor::State::snappy(std::string_view bytes) {
  constexpr std::string_view kXerialMagic("\x82SNAPPY\0", 8);
  const bool is_framed = bytes.starts_with(kXerialMagic);
  ByteReader in(bytes);
  if (is_framed) in.bytes(kXerialMagic.size() + 2 * sizeof(std::int32_t));
  std::size_t used = 0;
  do {
    const std::size_t size = is_framed ? in.integer<std::uint32_t>() : bytes.size();
    const std::string_view block = in.bytes(size);
    if (!in.ok()) return cli::fail(in.error());
    if (auto done = append_snappy(block, used); !done) return tl::make_unexpected(done.error());
  } while (in.left() > 0);
  return result(used);
}

Decompressor::State::Plain Decompressor::State::decode(CompressionType type, std::int8_t magic,
                                                       std::string_view bytes) {
  if (is_too_long(bytes)) return cli::fail("more than 2 GiB");
  switch (type) {
    case CompressionType::kNone:
      return bytes;
    case CompressionType::kGzip:
      return gzip(bytes);
    case CompressionType::kSnappy:
      return snappy(bytes);
    case CompressionType::kLz4:
      return lz4(bytes, magic);
    case CompressionType::kZstd:
      return zstd(bytes);
  }
  return cli::fail("unknown compression");
}

Decompressor::Decompressor(std::size_t most_bytes) : state_(std::make_unique<State>()) {
  state_->most_bytes = most_bytes;
}
Decompressor::~Decompressor() = default;

cli::Result<std::string_view> Decompressor::decompress(CompressionType type, std::int8_t magic,
                                                       std::string_view bytes) {
  auto plain = state_->decode(type, magic, bytes);
  if (!plain) plain.error().what.insert(0, compression_name(type) + ": ");
  return plain;
}

}  // namespace ks::wire
