#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ks::history {

// What can be recorded. The numbers are part of the file format.
enum class Kind : std::uint8_t {
  kReserve = 1,      // producer: `count` sequences from `sequence` on may be sent from now on; a
                     // count of 0: none from `sequence` on were
  kSend = 2,         // one attempt and what is known of it
  kPoll = 3,         // a consumer's poll returned `count` records
  kRead = 4,         // one record, as a consumer saw it
  kAssign = 5,       // consumer: reads the partition from `offset` on
  kRevoke = 6,       // consumer: no longer reads the partition
  kSeek = 7,         // consumer: jumped to `offset`
  kCommit = 8,       // `offset` of the group, with its outcome
  kOffsetFetch = 9,  // what the group's commit was said to be (-1: none)
  kEndOffset = 10,   // ListOffsets latest
  kFaultBegin = 11,  // `name` is the fault
  kFaultConfirmed = 12,
  kFaultHealed = 13,
  kDrain = 14,          // consumer: read the partition up to its end, which was `offset`
  kHighWatermark = 15,  // the end that a fetch showed
};
inline constexpr std::uint8_t kLastKind = 15;

enum class Outcome : std::uint8_t { kOk = 0, kFailed = 1, kUnknown = 2 };

// One event. Which fields mean something depends on the kind; the others stay at their defaults.
// Times are nanoseconds: the writer's monotonic clock when appended, wall clock when read back.
struct Event {
  Kind kind = Kind::kSend;
  Outcome outcome = Outcome::kOk;
  std::uint8_t integrity = 0;  // kRead: an Integrity
  std::int64_t time_ns = 0;    // when it was known
  std::int64_t invoke_ns = 0;  // when it began
  std::uint32_t actor = 0;     // which consumer of this file
  std::uint32_t name = 0;      // topic, or fault; an id of Names
  std::uint32_t group = 0;     // an id of Names; 0: none
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::uint64_t run = 0;  // kRead: of the identity
  std::uint16_t producer = 0;
  std::uint64_t sequence = 0;
  std::uint64_t count = 0;
  std::int32_t error_code = 0;  // Kafka's; negative: the client's own

  bool operator==(const Event&) const = default;
};

// Topic, group and fault names by small numbers; 0 is the empty name.
class Names {
 public:
  Names() { id(""); }

  std::uint32_t id(std::string_view text) {
    const auto found = ids_.find(text);
    if (found != ids_.end()) return found->second;
    const auto next = static_cast<std::uint32_t>(texts_.size());
    texts_.emplace_back(text);
    ids_.emplace(texts_.back(), next);
    return next;
  }
  const std::string& text(std::uint32_t id) const { return texts_.at(id); }

 private:
  std::vector<std::string> texts_;
  std::map<std::string, std::uint32_t, std::less<>> ids_;
};

}  // namespace ks::history
