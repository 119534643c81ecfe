#pragma once

#include <cstdint>

namespace ks::cli {

// FNV-1a, 64 bit (RFC 9923): start from the basis and mix in one unit after the other. The units of
// the RFC are octets.
inline constexpr std::uint64_t kFnv1aBasis = 0xcbf29ce484222325;

constexpr std::uint64_t fnv1a(std::uint64_t hash, std::uint64_t unit) {
  return (hash ^ unit) * 0x100000001b3;
}

}  // namespace ks::cli
