#include "lib/wire/compression_lz4.h"

#include <bit>
#include <cstdint>

namespace ks::wire {
namespace {

constexpr std::string_view kFrameMagic = "\x04\x22\x4d\x18";
constexpr std::size_t kFlagsAt = 4;
constexpr std::size_t kShortestDescriptor = 2;  // flags, block descriptor

// XXH32 with seed 0, for fewer than 16 bytes: longer input has rounds that this lacks.
std::uint32_t short_xxh32(std::string_view bytes) {
  constexpr std::uint32_t kPrime1 = 2654435761;
  constexpr std::uint32_t kPrime2 = 2246822519;
  constexpr std::uint32_t kPrime3 = 3266489917;
  constexpr std::uint32_t kPrime4 = 668265263;
  constexpr std::uint32_t kPrime5 = 374761393;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  std::uint32_t hash = kPrime5 + static_cast<std::uint32_t>(bytes.size());
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    const std::uint32_t word = byte(i) | static_cast<std::uint32_t>(byte(i + 1)) << 8 |
                               static_cast<std::uint32_t>(byte(i + 2)) << 16 |
                               static_cast<std::uint32_t>(byte(i + 3)) << 24;
    hash = std::rotl(hash + word * kPrime3, 17) * kPrime4;
  }
  for (; i < bytes.size(); ++i) hash = std::rotl(hash + byte(i) * kPrime5, 11) * kPrime1;
  hash = (hash ^ hash >> 15) * kPrime2;
  hash = (hash ^ hash >> 13) * kPrime3;
  return hash ^ hash >> 16;
}

char checksum(std::string_view bytes) { return static_cast<char>(short_xxh32(bytes) >> 8); }

}  // namespace

std::string standard_lz4_header(std::string_view bytes) {
  if (!bytes.starts_with(kFrameMagic) || bytes.size() <= kFlagsAt) return {};
  const auto flags = static_cast<std::uint8_t>(bytes[kFlagsAt]);
  const std::size_t content_size = (flags & 0x08) != 0 ? 8 : 0;
  const std::size_t dictionary_id = (flags & 0x01) != 0 ? 4 : 0;
  const std::size_t descriptor = kShortestDescriptor + content_size + dictionary_id;
  if (bytes.size() <= kFlagsAt + descriptor) return {};
  std::string header(bytes.substr(0, kFlagsAt + descriptor));
  header += checksum(std::string_view(header).substr(kFlagsAt));
  return header;
}

void set_magic0_lz4_checksum(std::string& out, std::size_t at) {
  constexpr std::size_t kCovered = kFlagsAt + kShortestDescriptor;
  out[at + kCovered] = checksum(std::string_view(out).substr(at, kCovered));
}

}  // namespace ks::wire
