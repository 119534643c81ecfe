#include "lib/wire/compression.h"

#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include "lib/wire/compression_context.h"
#include "lib/wire/compression_lz4.h"

namespace ks::wire {
namespace {

z_stream* create_deflate() {
  auto stream = std::make_unique<z_stream>();
  constexpr int kMemoryLevel = 8;  // zlib's default
  const int code = deflateInit2(stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindowBits,
                                kMemoryLevel, Z_DEFAULT_STRATEGY);
  return code == Z_OK ? stream.release() : nullptr;
}

void free_deflate(z_stream* stream) {
  deflateEnd(stream);
  delete stream;
}

// Each appends to `out`, which is `at` bytes long, and returns by how much; the rest is to be cut
// off.

cli::Result<std::size_t> gzip(z_stream* stream, std::string_view bytes, std::string& out,
                              std::size_t at) {
  if (stream == nullptr || deflateReset(stream) != Z_OK) return no_memory();
  out.resize(at + deflateBound(stream, bytes.size()));
  stream->next_in = zlib_bytes(bytes);
  stream->avail_in = static_cast<uInt>(bytes.size());
  stream->next_out = reinterpret_cast<Bytef*>(out.data() + at);
  stream->avail_out = static_cast<uInt>(out.size() - at);
  if (deflate(stream, Z_FINISH) != Z_STREAM_END) return cli::fail("did not finish");
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
  if (LZ4F_isError(size) != 0U) return cli::fail(LZ4F_getErrorName(size));
  if (magic == 0) set_magic0_lz4_checksum(out, at);
  return size;
}

cli::Result<std::size_t> zstd_frame(ZSTD_CCtx* context, std::string_view bytes, std::string& out,
                                    std::size_t at) {
  if (context == nullptr) return no_memory();
  out.resize(at + ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compress2(context, out.data() + at, out.size() - at, bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0U) return cli::fail(ZSTD_getErrorName(size));
  return size;
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

struct Compressor::State {
  cli::Result<std::size_t> append(CompressionType type, std::int8_t magic, std::string_view bytes,
                                  std::string& out, std::size_t at);

  Context<z_stream, create_deflate, free_deflate> deflate;
  Context<ZSTD_CCtx, ZSTD_createCCtx, ZSTD_freeCCtx> zstd;
};

cli::Result<std::size_t> Compressor::State::append(CompressionType type, std::int8_t magic,
                                                   std::string_view bytes, std::string& out,
                                                   std::size_t at) {
  if (is_too_long(bytes)) return cli::fail("more than 2 GiB");
  switch (type) {
    case CompressionType::kNone:
      out += bytes;
      return bytes.size();
    case CompressionType::kGzip:
      return gzip(deflate.get(), bytes, out, at);
    case CompressionType::kSnappy:
      return snappy_block(bytes, out, at);
    case CompressionType::kLz4:
      return lz4_frame(bytes, magic, out, at);
    case CompressionType::kZstd:
      return zstd_frame(zstd.get(), bytes, out, at);
  }
  return cli::fail("unknown compression");
}

Compressor::Compressor() : state_(std::make_unique<State>()) {}
Compressor::~Compressor() = default;

cli::Result<void> Compressor::compress(CompressionType type, std::int8_t magic,
                                       std::string_view bytes, std::string& out) {
  const std::size_t at = out.size();
  const auto size = state_->append(type, magic, bytes, out, at);
  out.resize(at + size.value_or(0));
  if (!size) return cli::fail(compression_name(type) + ": " + size.error().what);
  return {};
}

}  // namespace ks::wire
