#include "lib/client/partitioner.h"

#include <cstring>

namespace ks::client {
namespace {

constexpr std::uint32_t kSeed = 0x9747b28c;  // Kafka's, in org.apache.kafka.common.utils.Utils
constexpr std::uint32_t kMultiplier = 0x5bd1e995;

std::uint32_t mixed(std::uint32_t k) {
  k *= kMultiplier;
  k ^= k >> 24;
  return k * kMultiplier;
}

// MurmurHash2, 32 bit, by Austin Appleby; little-endian.
std::uint32_t murmur2(std::string_view bytes) {
  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(bytes.size());
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
    std::uint32_t k = 0;
    std::memcpy(&k, bytes.data(), sizeof k);
    hash = hash * kMultiplier ^ mixed(k);
  }
  if (!bytes.empty()) {
    std::uint32_t rest = 0;
    std::memcpy(&rest, bytes.data(), bytes.size());
    hash = (hash ^ rest) * kMultiplier;
  }
  hash = (hash ^ hash >> 13) * kMultiplier;
  return hash ^ hash >> 15;
}

}  // namespace

std::int32_t partition_of_key(std::string_view key, std::int32_t partitions) {
  return static_cast<std::int32_t>(murmur2(key) & 0x7fffffff) % partitions;
}

}  // namespace ks::client
