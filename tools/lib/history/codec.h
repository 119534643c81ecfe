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
// offset one higher, all others the same; the time from the last event of any kind. Kind 0 and a
// varint N stand for N more events like the last one, each as predicted.
namespace ks::history {

// An event's fields in the order of the format; the kind is apart.
inline constexpr std::size_t kEventFields = 13;
using EventFields = std::array<std::int64_t, kEventFields>;
using LastOfKinds = std::array<EventFields, kLastKind + 1>;
LastOfKinds nothing_before();

inline constexpr Kind kNoKind{0};

// Of one kind 0: what a damaged block can make of a few bytes is bounded.
inline constexpr std::uint64_t kMostRepeats = 65'536;

// What an event becomes when it is repeated.
inline void advance(Event& event) {
  ++event.sequence;
  event.offset = static_cast<std::int64_t>(static_cast<std::uint64_t>(event.offset) + 1);
}

class BlockEncoder {
 public:
  // `names` gives the texts of the ids in the events; it must outlive the encoder.
  explicit BlockEncoder(const Names& names) : names_(names) { expected_.kind = kNoKind; }

  void append(const Event& event) {
    if (repeats_ < kMostRepeats && event == expected_) {
      ++repeats_;
      expect_after(event);
    } else {
      append_new(event);
    }
  }
  bool empty() const { return events_.empty(); }
  std::size_t size() const { return events_.size(); }

  // Appends the finished block; the encoder starts the next one.
  void take(std::string& out);

 private:
  void append_new(const Event& event);
  void expect_after(const Event& event) {
    expected_ = event;
    advance(expected_);
  }
  void put_repeats();
  std::uint32_t local_name(std::uint32_t id);

  const Names& names_;
  Event expected_;             // what only counts as one more like the last; kind 0: nothing does
  std::uint64_t repeats_ = 0;  // counted, not yet in events_
  std::string events_;
  std::vector<std::uint32_t> local_;  // the block's names, by their number in the block
  LastOfKinds last_ = nothing_before();
  std::int64_t last_time_ns_ = 0;
};

// Gives a block's events one after the other.
class BlockDecoder {
 public:
  BlockDecoder() = default;

  // `block` must outlive the decoder; its names are numbered by `names`. `clock_ns` is added to
  // every time in it.
  BlockDecoder(std::string_view block, Names& names, std::int64_t clock_ns = 0);

  // Goes to the first or next event. False: there is none left, or damage() tells what is wrong,
  // and where in the block.
  bool next() {
    if (repeats_ == 0) return decode();
    --repeats_;
    advance(last_[kind_].event);
    return true;
  }
  // REQUIRES: next() was true. Valid until it is called again.
  const Event& event() const { return last_[kind_].event; }
  const std::optional<cli::Error>& damage() const { return damage_; }

 private:
  // The last event of a kind, and what the next one's fields are predicted from where the event has
  // something else: times and names as they are written.
  struct Last {
    Event event;
    std::int64_t invoke_ns = 0;
    std::uint32_t name = 0;
    std::uint32_t group = 0;
  };
  class Differences;

  bool fail(const char* what);
  bool decode();
  bool decode_rarer_fields(Differences& differences, Last& last);
  bool decode_repeats();

  std::uint8_t kind_ = 0;      // of the present event; 0: none
  std::uint64_t repeats_ = 0;  // of it, still to be given
  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::vector<std::uint32_t> names_;  // the block's names, numbered as the caller does
  std::array<Last, kLastKind + 1> last_;
  std::int64_t clock_ns_ = 0;
  std::int64_t last_time_ns_ = 0;
  std::optional<cli::Error> damage_;
};

}  // namespace ks::history
