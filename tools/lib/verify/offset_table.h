#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>

namespace ks::verify {

// Which record was seen at each offset of one partition. Dense inside chunks, so that 10^8 offsets
// cost 8 bytes each, and sparse between them, so that a wild offset costs one chunk.
class OffsetTable {
 public:
  // A record: index of its producer (16 bits) and sequence (48 bits), plus one; 0: nothing seen.
  static std::uint64_t record(std::uint32_t producer_index, std::uint64_t sequence) {
    return (static_cast<std::uint64_t>(producer_index) << 48 | sequence) + 1;
  }
  static std::uint32_t producer_of(std::uint64_t record) {
    return static_cast<std::uint32_t>((record - 1) >> 48);
  }
  static std::uint64_t sequence_of(std::uint64_t record) {
    return (record - 1) & ((1ULL << 48) - 1);
  }
  // Records without an identity: never had one, or it cannot be trusted.
  static constexpr std::uint64_t kForeign = ~0ULL;
  static constexpr std::uint64_t kCorrupt = kForeign - 1;
  static bool is_identified(std::uint64_t record) { return record < kCorrupt; }

  std::uint64_t& at(std::int64_t offset) {
    auto& chunk = chunks_[offset >> kChunkBits];
    if (chunk == nullptr) chunk = std::make_unique<Chunk>();
    return (*chunk)[static_cast<std::size_t>(offset & kMask)];
  }

  std::uint64_t find(std::int64_t offset) const {
    const auto chunk = chunks_.find(offset >> kChunkBits);
    return chunk == chunks_.end() ? 0 : (*chunk->second)[static_cast<std::size_t>(offset & kMask)];
  }

  // Calls visit(offset, record) for everything seen, in the order of offsets.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const auto& [number, chunk] : chunks_) {
      for (std::size_t i = 0; i < chunk->size(); ++i) {
        if ((*chunk)[i] != 0) {
          visit((number << kChunkBits) + static_cast<std::int64_t>(i), (*chunk)[i]);
        }
      }
    }
  }

 private:
  static constexpr int kChunkBits = 12;
  static constexpr std::int64_t kMask = (1 << kChunkBits) - 1;
  using Chunk = std::array<std::uint64_t, 1 << kChunkBits>;

  std::map<std::int64_t, std::unique_ptr<Chunk>> chunks_;
};

}  // namespace ks::verify
