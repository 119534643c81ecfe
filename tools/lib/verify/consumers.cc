#include "lib/verify/consumers.h"

#include <algorithm>

namespace ks::verify {

Consumers::Consumer& Consumers::consumer(const Writer& writer, std::uint32_t actor) {
  const auto is_it = [&](const Consumer& c) { return c.file == writer.file && c.actor == actor; };
  if (last_ < consumers_.size() && is_it(consumers_[last_])) return consumers_[last_];
  const auto found = std::ranges::find_if(consumers_, is_it);
  last_ = static_cast<std::size_t>(found - consumers_.begin());
  if (found == consumers_.end()) {
    consumers_.emplace_back();
    consumers_.back().file = writer.file;
    consumers_.back().actor = actor;
  }
  return consumers_[last_];
}

void Consumers::assign(const Writer& writer, const history::Event& event, std::int64_t acked,
                       std::int64_t floor) {
  consumer(writer, event.actor) = {.file = writer.file,
                                   .actor = event.actor,
                                   .group = event.group,
                                   .is_assigned = true,
                                   .start = event.offset,
                                   .acked_at_assign = acked,
                                   .floor = floor,
                                   .assigned_ns = event.time_ns};
}

void Consumers::revoke(const Writer& writer, std::uint32_t actor) {
  consumer(writer, actor) = {.file = writer.file, .actor = actor};
}

bool Consumers::is_member(const Writer& writer, std::uint32_t actor, std::uint32_t group) const {
  return std::ranges::any_of(consumers_, [&](const Consumer& c) {
    return c.file == writer.file && c.actor == actor && c.is_assigned && c.group == group;
  });
}

Consumers::Step Consumers::read(const Writer& writer, std::uint32_t actor, std::int64_t offset) {
  Consumer& c = consumer(writer, actor);
  Step step;
  if (offset < c.next) step.back_from = c.next - 1;
  if (offset < c.floor) step.below = c.floor;
  // A start that is unknown is taken to be where reading began.
  if (c.start < 0) c.start = offset;
  const std::int64_t expected = std::max(c.next, c.start);
  if (offset > expected) skips_.push_back({expected, offset, c.next >= 0});
  c.next = std::max(c.next, offset + 1);
  return step;
}

PartitionLog::Drained Consumers::drain(const Writer& writer, std::uint32_t actor,
                                       std::int64_t end) {
  const Consumer& c = consumer(writer, actor);
  // From an unknown start to the end without a record: nothing before the end was looked at.
  return {c.start >= 0 ? c.start : end, std::max(end, c.acked_at_assign + 1), c.assigned_ns,
          writer.clock};
}

void Consumers::judge(const PartitionLog& log, const std::string& partition, bool gaps_too,
                      Anomalies& anomalies) {
  std::ranges::sort(skips_);
  std::int64_t last_gap = -1;  // several consumers meet the same one
  for (const Skip& skip : skips_) {
    const auto held = log.first_held(skip.from, skip.to);
    if (held) {
      anomalies.found(AnomalyType::kPollSkip, [&] {
        return partition + "@" + std::to_string(*held) + ": a consumer went from offset " +
               std::to_string(skip.from - 1) + " to " + std::to_string(skip.to);
      });
    } else if (gaps_too && skip.is_between_reads && skip.from != last_gap) {
      last_gap = skip.from;
      anomalies.found(AnomalyType::kOffsetGap, [&] {
        return partition + "@" + std::to_string(skip.from) + ": no record up to offset " +
               std::to_string(skip.to - 1) + ", though others stand before and behind";
      });
    }
  }
}

}  // namespace ks::verify
