#pragma once

#include <cstdint>
#include <string_view>

namespace ks::client {

// The partition of a key as the Java client's default partitioner chooses it: murmur2 with Kafka's
// seed, its sign bit cleared, modulo the count.
std::int32_t partition_of_key(std::string_view key, std::int32_t partitions);

}  // namespace ks::client
