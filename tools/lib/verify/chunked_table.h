#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

namespace ks::verify {

// A value for each index, T{} where none was set. Dense inside chunks, so that 10^8 neighbours cost
// little more than their values, and sparse between them, so that a wild index costs one chunk.
template <typename T>
class ChunkedTable {
 public:
  T& at(std::int64_t index) {
    const std::int64_t number = index >> kChunkBits;
    for (const Place& place : places_) {
      if (place.number == number && place.chunk != nullptr) return (*place.chunk)[in_chunk(index)];
    }
    auto& chunk = chunks_[number];
    if (chunk == nullptr) chunk = std::make_unique<Chunk>();
    // One place for who writes at the end, one for who reads further behind.
    std::swap(places_[0], places_[1]);
    places_[0] = {number, chunk.get()};
    return (*chunk)[in_chunk(index)];
  }

  T find(std::int64_t index) const {
    const auto chunk = chunks_.find(index >> kChunkBits);
    return chunk == chunks_.end() ? T{} : (*chunk->second)[in_chunk(index)];
  }

  // The first index from `from` on, and below `to`, that holds something.
  std::optional<std::int64_t> first(std::int64_t from, std::int64_t to) const {
    for (auto chunk = chunks_.lower_bound(from >> kChunkBits); chunk != chunks_.end(); ++chunk) {
      const std::int64_t base = chunk->first << kChunkBits;
      if (base >= to) break;
      for (std::int64_t i = std::max(base, from); i < base + kChunk; ++i) {
        if (i >= to) return std::nullopt;
        if ((*chunk->second)[in_chunk(i)] != T{}) return i;
      }
    }
    return std::nullopt;
  }

  // Calls visit(index, value) for everything that was set, in the order of indices.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const auto& [number, chunk] : chunks_) {
      for (std::int64_t i = 0; i < kChunk; ++i) {
        const T value = (*chunk)[static_cast<std::size_t>(i)];
        if (value != T{}) visit((number << kChunkBits) + i, value);
      }
    }
  }

 private:
  static constexpr int kChunkBits = 12;
  static constexpr std::int64_t kChunk = 1 << kChunkBits;
  using Chunk = std::array<T, kChunk>;
  struct Place {
    std::int64_t number = 0;
    Chunk* chunk = nullptr;
  };

  static std::size_t in_chunk(std::int64_t index) {
    return static_cast<std::size_t>(index & (kChunk - 1));
  }

  std::map<std::int64_t, std::unique_ptr<Chunk>> chunks_;
  std::array<Place, 2> places_;  // used last
};

}  // namespace ks::verify
