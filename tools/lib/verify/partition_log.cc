#include "lib/verify/partition_log.h"

#include <algorithm>
#include <limits>

namespace ks::verify {

void PartitionLog::ack(RecordId record, std::int64_t offset) {
  std::uint64_t& bits = slots_.at(offset);
  const Slot known(bits);
  const Slot told = Slot::of(record);
  if (known.is_empty() || known.holds_same(told)) {
    bits |= told.acked().bits();
  } else if (known.holds_same(Slot::corrupt())) {
    bits = told.acked().read().bits();
  } else {
    displaced_.push_back({record, offset});
  }
}

bool PartitionLog::read(Slot seen, std::int64_t offset) {
  std::uint64_t& bits = slots_.at(offset);
  const Slot known(bits);
  if (known.is_empty() || known.holds_same(seen)) {
    bits |= seen.read().bits();
    return true;
  }
  if (seen.holds_same(Slot::corrupt())) {  // what it was, nobody knows; it is not lost
    bits |= Slot().read().bits();
    return true;
  }
  if (known.is_read() && !known.holds_same(Slot::corrupt())) return false;
  // What was read is what stands there.
  if (known.is_acked()) displaced_.push_back({known.record(), offset});
  bits = seen.read().bits();
  return true;
}

void PartitionLog::settle() {
  std::erase_if(displaced_, [this](const Displaced& d) {
    std::uint64_t& bits = slots_.at(d.offset);
    if (!Slot(bits).holds_same(Slot::of(d.record))) return false;
    bits = Slot(bits).acked().bits();
    return true;
  });
  const auto first = first_held(0, std::numeric_limits<std::int64_t>::max());
  for (const Drained& each : drained_) {
    if (each.start > first.value_or(0)) continue;
    std::int64_t& since_ns = read_whole_since_ns_[each.clock];
    since_ns = std::max(since_ns, each.since_ns);
  }
  std::ranges::sort(drained_, {}, &Drained::start);
  std::vector<Drained> merged;
  for (const Drained& each : drained_) {
    if (each.end <= each.start) continue;
    if (!merged.empty() && each.start <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, each.end);
    } else {
      merged.push_back(each);
    }
  }
  drained_ = std::move(merged);
}

bool PartitionLog::was_read_whole_after(std::int64_t time_ns, std::uint32_t clock) const {
  const auto since = read_whole_since_ns_.find(clock);
  return since != read_whole_since_ns_.end() && since->second > time_ns;
}

bool PartitionLog::is_drained(std::int64_t offset) const {
  const auto after = std::ranges::upper_bound(drained_, offset, {}, &Drained::start);
  return after != drained_.begin() && offset < std::prev(after)->end;
}

}  // namespace ks::verify
