#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"
#include "lib/history/event.h"

// The inside of a history block. Each block stands alone: it starts with the names its events use
// (varint count, then length-prefixed texts), then come the events. An event is its kind, a varint
// mask of the fields that differ from their prediction, and those fields as zigzag varints of the
// difference. A field is predicted from the last event of the same kind in the block: sequence and
// offset one higher, all others the same; the time from the last event of any kind.
namespace ks::history {

// An event's fields in the order of the format; the kind is apart.
inline constexpr std::size_t kEventFields = 13;
using EventFields = std::array<std::int64_t, kEventFields>;
using LastOfKinds = std::array<EventFields, kLastKind + 1>;
LastOfKinds nothing_before();

class BlockEncoder {
 public:
  // `names` gives the texts of the ids in the events; it must outlive the encoder.
  explicit BlockEncoder(const Names& names) : names_(names) {}

  void append(const Event& event);
  bool empty() const { return events_.empty(); }
  std::size_t size() const { return events_.size(); }

  // The finished block; the encoder starts the next one.
  std::string take();

 private:
  std::uint32_t local_name(std::uint32_t id);

  const Names& names_;
  std::string events_;
  std::vector<std::uint32_t> local_;  // the block's names, by their number in the block
  LastOfKinds last_ = nothing_before();
  std::int64_t last_time_ns_ = 0;
};

// Gives a block's events one after the other.
class BlockDecoder {
 public:
  BlockDecoder() = default;

  // `block` must outlive the decoder; its names are numbered by `names`.
  BlockDecoder(std::string_view block, Names& names);

  // False: there is none left, or damage() tells what is wrong, and where in the block.
  bool next(Event& event);
  const std::optional<cli::Error>& damage() const { return damage_; }

 private:
  bool fail(const char* what);

  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::vector<std::uint32_t> names_;  // the block's names, numbered as the caller does
  LastOfKinds last_ = nothing_before();
  std::int64_t last_time_ns_ = 0;
  std::optional<cli::Error> damage_;
};

}  // namespace ks::history
