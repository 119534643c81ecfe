#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ks::cli {

// crc32c(a + b) of crc32c(a), crc32c(b) and how many bytes b has.
std::uint32_t join_crc32c(std::uint32_t first, std::uint32_t second, std::size_t second_bytes);

// The same, much faster, where the second piece always has the same length.
class Crc32cShift {
 public:
  // Of second pieces of so many bytes.
  explicit Crc32cShift(std::size_t bytes);

  std::uint32_t joined(std::uint32_t first, std::uint32_t second) const {
    return table_[0][first & 0xff] ^ table_[1][first >> 8 & 0xff] ^ table_[2][first >> 16 & 0xff] ^
           table_[3][first >> 24] ^ second;
  }

 private:
  // What each byte of a CRC comes to when so many zero bytes follow.
  std::array<std::array<std::uint32_t, 256>, 4> table_{};
};

}  // namespace ks::cli
