#include "lib/wire/compression.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "lib/wire/bytes.h"

namespace ks::wire {
namespace {

using namespace std::string_literals;

constexpr std::array<std::int8_t, 3> kMagics{0, 1, 2};
constexpr std::array kCodecs{CompressionType::kGzip, CompressionType::kSnappy,
                             CompressionType::kLz4, CompressionType::kZstd};

std::string compressed(CompressionType type, std::string_view bytes, std::int8_t magic = 2) {
  Compressor compressor;
  std::string out;
  EXPECT_TRUE(compressor.compress(type, magic, bytes, out)) << compression_name(type);
  return out;
}

std::string noise(std::size_t size) {
  std::mt19937 random(11);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// Repeats, with something new now and then.
std::string text(std::size_t size) {
  std::string bytes;
  for (int i = 0; bytes.size() < size; ++i) bytes += "record number " + std::to_string(i) + ", ";
  return bytes.substr(0, size);
}

// Blocks framed as xerial's library does.
std::string xerial(const std::vector<std::string>& blocks) {
  std::string out = "\x82SNAPPY\0\0\0\0\1\0\0\0\1"s;
  for (const std::string& block : blocks) {
    const std::string raw = compressed(CompressionType::kSnappy, block);
    ByteWriter writer(out);
    writer.integer(static_cast<std::int32_t>(raw.size()));
    writer.bytes(raw);
  }
  return out;
}

TEST(Compression, GivesBackWhatItTook) {
  Compressor compressor;
  Decompressor decompressor;
  for (const CompressionType type : kCodecs) {
    for (const std::int8_t magic : kMagics) {
      for (const std::size_t size : {0, 1, 100, 65'535, 65'536, 65'537, 500'000}) {
        for (const std::string& bytes : {text(size), noise(size)}) {
          std::string out = "before";
          ASSERT_TRUE(compressor.compress(type, magic, bytes, out));
          ASSERT_TRUE(out.starts_with("before"));
          const auto back = decompressor.decompress(type, magic, std::string_view(out).substr(6));
          ASSERT_TRUE(back) << back.error().message();
          ASSERT_EQ(*back, bytes) << compression_name(type) << ' ' << size;
        }
      }
    }
  }
}

TEST(Compression, NoneIsTheBytesThemselves) {
  EXPECT_EQ(compressed(CompressionType::kNone, "bytes"), "bytes");
  const std::string bytes = "bytes";
  EXPECT_EQ(Decompressor().decompress(CompressionType::kNone, 2, bytes)->data(), bytes.data());
}

TEST(Compression, ATypeThatKafkaDoesNotHaveIsAnError) {
  constexpr auto kFive = static_cast<CompressionType>(5);
  std::string out = "kept";
  EXPECT_FALSE(Compressor().compress(kFive, 2, "bytes", out));
  EXPECT_EQ(out, "kept");
  const auto back = Decompressor().decompress(kFive, 2, "bytes");
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().what, "type 5: unknown compression");
}

TEST(Compression, ReadsKnownStreams) {
  Decompressor decompressor;
  // Snappy's format description: a length, then a literal.
  EXPECT_EQ(*decompressor.decompress(CompressionType::kSnappy, 2, "\x05\x10hello"), "hello");
  // LZ4's frame format description: magic, version 1 with independent blocks, blocks of 64 KiB, the
  // header's checksum, one block that is stored, the end mark.
  EXPECT_EQ(*decompressor.decompress(CompressionType::kLz4, 2,
                                     "\x04\x22\x4d\x18\x60\x40\x82\5\0\0\x80hello\0\0\0\0"s),
            "hello");
  // gzip(1) of "hello".
  EXPECT_EQ(*decompressor.decompress(CompressionType::kGzip, 2,
                                     "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0"
                                     "\x86\xa6\x10\x36\5\0\0\0"s),
            "hello");
  // zstd(1) of "hello", with --no-check.
  EXPECT_EQ(
      *decompressor.decompress(CompressionType::kZstd, 2, "\x28\xb5\x2f\xfd\x00\x58\x29\0\0hello"s),
      "hello");
}

TEST(Compression, ReadsSnappyInXerialsFrames) {
  Decompressor decompressor;
  const std::vector<std::string> blocks{text(32'768), "short", noise(32'768)};
  const auto back = decompressor.decompress(CompressionType::kSnappy, 2, xerial(blocks));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(*back, blocks[0] + blocks[1] + blocks[2]);
}

TEST(Compression, AnLz4FrameOfMagic0HasItsOwnHeaderChecksum) {
  const std::string standard = compressed(CompressionType::kLz4, text(1000), 1);
  const std::string magic0 = compressed(CompressionType::kLz4, text(1000), 0);
  // Frame of 64 KiB blocks, as both clients write them for magic 1 and 0.
  EXPECT_EQ(standard.substr(0, 7), "\x04\x22\x4d\x18\x60\x40\x82");
  EXPECT_EQ(magic0.substr(0, 7), "\x04\x22\x4d\x18\x60\x40\x1a");
  EXPECT_EQ(magic0.substr(7), standard.substr(7));
  Decompressor decompressor;
  EXPECT_FALSE(decompressor.decompress(CompressionType::kLz4, 1, magic0));
  EXPECT_TRUE(decompressor.decompress(CompressionType::kLz4, 0, magic0));
  EXPECT_TRUE(decompressor.decompress(CompressionType::kLz4, 0, standard))
      << "some clients wrote it right";
}

TEST(Compression, EveryTruncationIsAnError) {
  Decompressor decompressor;
  for (const CompressionType type : kCodecs) {
    for (const std::int8_t magic : kMagics) {
      const std::string whole = compressed(type, text(300), magic);
      for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(decompressor.decompress(type, magic, whole.substr(0, size)))
            << compression_name(type) << " at " << size;
      }
      EXPECT_EQ(*decompressor.decompress(type, magic, whole), text(300)) << "usable after errors";
    }
  }
  const std::string framed = xerial({"one", "two"});
  for (std::size_t size = 0; size < framed.size(); ++size) {
    const auto back = decompressor.decompress(CompressionType::kSnappy, 2, framed.substr(0, size));
    const std::size_t first_block_end = 16 + 4 + compressed(CompressionType::kSnappy, "one").size();
    EXPECT_EQ(back.has_value(), size == first_block_end) << size;
  }
}

TEST(Compression, SeveralStreamsAreOneButOtherBytesBehindAreAnError) {
  Decompressor decompressor;
  for (const CompressionType type : kCodecs) {
    const std::string one = compressed(type, "one");
    EXPECT_FALSE(decompressor.decompress(type, 2, one + "x")) << compression_name(type);
    EXPECT_FALSE(decompressor.decompress(type, 2, one + std::string(20, 'x')));
    if (type == CompressionType::kSnappy) continue;  // a block does not tell its end
    EXPECT_EQ(*decompressor.decompress(type, 2, one + compressed(type, "two")), "onetwo");
  }
}

TEST(Compression, FlippedBitsNeverCrash) {
  Decompressor decompressor(1 << 20);
  for (const CompressionType type : kCodecs) {
    const std::string whole = compressed(type, text(300));
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
      std::string damaged = whole;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      const auto back = decompressor.decompress(type, 2, damaged);
      EXPECT_LE(back.value_or("").size(), 1u << 20);
    }
  }
}

TEST(Compression, MoreThanTheLimitIsAnError) {
  const std::string zeros(4'000'000, '\0');
  for (const CompressionType type : kCodecs) {
    const std::string bomb = compressed(type, zeros);
    ASSERT_LT(bomb.size(), zeros.size() / 20) << compression_name(type);
    EXPECT_EQ(Decompressor(zeros.size()).decompress(type, 2, bomb)->size(), zeros.size());
    for (const std::size_t most : {std::size_t{0}, std::size_t{1000}, zeros.size() - 1}) {
      const auto back = Decompressor(most).decompress(type, 2, bomb);
      ASSERT_FALSE(back) << compression_name(type) << ' ' << most;
      EXPECT_NE(back.error().what.find("more than " + std::to_string(most)), std::string::npos)
          << back.error().what;
    }
  }
  EXPECT_FALSE(Decompressor(5).decompress(CompressionType::kSnappy, 2, xerial({"abc", "def"})));
}

TEST(Compression, SnappyIsNotBelievedALengthThatItsBytesCannotHold) {
  // 100 MiB, of 7 bytes.
  const auto back =
      Decompressor().decompress(CompressionType::kSnappy, 2, "\x80\x80\x80\x32\0x\0"s);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().what, "snappy: impossible length");
}

}  // namespace
}  // namespace ks::wire
