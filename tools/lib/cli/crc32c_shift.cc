#include "lib/cli/crc32c_shift.h"

namespace ks::cli {
namespace {

// A linear map of CRCs: what becomes of each of its bits. Over the field of two elements sums are
// exclusive ors.
using Map = std::array<std::uint32_t, 32>;

constexpr std::uint32_t kReversedPolynomial = 0x82f63b78;

std::uint32_t apply(const Map& map, std::uint32_t crc) {
  std::uint32_t out = 0;
  for (std::size_t bit = 0; crc != 0; ++bit, crc >>= 1) {
    if ((crc & 1) != 0) out ^= map[bit];
  }
  return out;
}

Map after(const Map& first, const Map& second) {
  Map out{};
  for (std::size_t bit = 0; bit < out.size(); ++bit) out[bit] = apply(second, first[bit]);
  return out;
}

// One zero bit that follows.
Map one_bit() {
  Map map{};
  map[0] = kReversedPolynomial;
  for (std::size_t bit = 1; bit < map.size(); ++bit) map[bit] = 1U << (bit - 1);
  return map;
}

// 2^i zero bits that follow.
using Powers = std::array<Map, 64>;

Powers make_powers() {
  Powers powers{one_bit()};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = after(powers[i - 1], powers[i - 1]);
  return powers;
}

std::uint32_t followed_by_zeros(std::uint32_t crc, std::size_t bytes) {
  static const Powers powers = make_powers();
  for (std::size_t bits = bytes * 8, i = 0; bits != 0; bits >>= 1, ++i) {
    if ((bits & 1) != 0) crc = apply(powers[i], crc);
  }
  return crc;
}

}  // namespace

std::uint32_t join_crc32c(std::uint32_t first, std::uint32_t second, std::size_t second_bytes) {
  return followed_by_zeros(first, second_bytes) ^ second;
}

Crc32cShift::Crc32cShift(std::size_t bytes) {
  for (std::size_t byte = 0; byte < table_.size(); ++byte) {
    for (std::uint32_t value = 0; value < table_[byte].size(); ++value) {
      table_[byte][value] = followed_by_zeros(value << (8 * byte), bytes);
    }
  }
}

}  // namespace ks::cli
