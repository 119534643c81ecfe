#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/verify/chunked_table.h"
#include "lib/verify/ledger.h"

namespace ks::verify {

// What is known of a partition's log: which record the producers' acknowledgements and the
// consumers' reads say to stand at each offset. Eight bytes for each offset.
class PartitionLog {
 public:
  // One offset.
  class Slot {
   public:
    static Slot of(RecordId record) {
      return Slot((std::uint64_t{record.producer} + 1) << kProducerAt | record.sequence << kFlags);
    }
    static Slot foreign() {
      return Slot(kNoProducer | 1 << kFlags);
    }  // a record without an identity
    static Slot corrupt() { return Slot(kNoProducer | 2 << kFlags); }  // one that cannot be trusted
    explicit Slot(std::uint64_t bits = 0) : bits_(bits) {}

    std::uint64_t bits() const { return bits_; }
    bool is_empty() const { return bits_ == 0; }
    bool is_acked() const { return (bits_ & kAcked) != 0; }
    bool is_read() const { return (bits_ & kRead) != 0; }
    bool is_identified() const { return !is_empty() && bits_ < kNoProducer; }
    RecordId record() const {
      return {static_cast<std::uint32_t>(bits_ >> kProducerAt) - 1,
              (bits_ & ((1ULL << kProducerAt) - 1)) >> kFlags};
    }
    bool holds_same(Slot other) const { return bits_ >> kFlags == other.bits_ >> kFlags; }
    Slot acked() const { return Slot(bits_ | kAcked); }
    Slot read() const { return Slot(bits_ | kRead); }

   private:
    static constexpr int kProducerAt = 48;
    static constexpr int kFlags = 2;
    static constexpr std::uint64_t kAcked = 1;
    static constexpr std::uint64_t kRead = 2;
    static constexpr std::uint64_t kNoProducer = 0xffffULL << kProducerAt;

    std::uint64_t bits_;
  };

  // A record that was acknowledged at an offset which holds another.
  struct Displaced {
    RecordId record;
    std::int64_t offset = -1;
  };

  // Offsets from `start` on and below `end`: a consumer saw what there was since it was assigned.
  struct Drained {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t since_ns = 0;
    std::uint32_t clock = 0;  // of since_ns
  };

  // False: another record is known to stand there.
  void ack(RecordId record, std::int64_t offset);
  bool read(Slot seen, std::int64_t offset);
  void drain(Drained range) { drained_.push_back(range); }

  // After the last event: settles which acknowledgements the reads contradict, and what was
  // drained.
  void settle();

  const std::vector<Displaced>& displaced() const { return displaced_; }
  bool is_drained(std::int64_t offset) const;
  // Whether somebody saw all of it, from its first record to its end, and began after that time.
  bool was_read_whole_after(std::int64_t time_ns, std::uint32_t clock) const;
  std::optional<std::int64_t> first_held(std::int64_t from, std::int64_t to) const {
    return slots_.first(from, to);
  }

  // Calls visit(offset, slot) for every offset of which something is known, in their order.
  template <typename Visit>
  void for_each(Visit visit) const {
    slots_.for_each([&](std::int64_t offset, std::uint64_t bits) { visit(offset, Slot(bits)); });
  }

 private:
  ChunkedTable<std::uint64_t> slots_;
  std::vector<Displaced> displaced_;
  std::vector<Drained> drained_;
  std::map<std::uint32_t, std::int64_t> read_whole_since_ns_;  // by clock, the latest
};

}  // namespace ks::verify
