#include "lib/verify/checker.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace ks::verify {

using history::Event;
using history::Integrity;
using history::Kind;
using history::Outcome;

const char* name_of(AnomalyType type) {
  static constexpr std::array<const char*, kAnomalyTypes> kNames{
      "lost",           "duplicate",         "phantom",   "aborted-read", "inconsistent-offset",
      "producer-order", "nonmonotonic-poll", "poll-skip", "corrupt"};
  return kNames[static_cast<std::size_t>(type)];
}

// ---- what happened ------------------------------------------------------------------------------

void Checker::add(const Writer& writer, const Event& event) {
  switch (event.kind) {
    case Kind::kReserve:
      return add_reserve(writer, event);
    case Kind::kSend:
      return add_send(writer, event);
    case Kind::kRead:
      return add_read(writer, event);
    case Kind::kDrain:
      return add_drain(writer, event);
    case Kind::kAssign:
    case Kind::kSeek:
    case Kind::kRevoke:
      return follow_consumer(writer, event);
    default:
      return;  // commits, end offsets and faults do not bear on these anomalies
  }
}

Checker::Producer& Checker::producer(std::uint64_t run, std::uint16_t number) {
  const auto next = static_cast<std::uint32_t>(producers_.size());
  const auto [found, is_new] = producer_index_.try_emplace({run, number}, next);
  if (is_new) {
    producers_.push_back(std::make_unique<Producer>());
    producers_.back()->writer.run = run;
    producers_.back()->number = number;
  }
  return *producers_[found->second];
}

void Checker::add_reserve(const Writer& writer, const Event& event) {
  Producer& p = producer(writer.run, event.producer);
  p.writer = writer;
  runs_.insert(writer.run);
  // A count of zero gives back what was reserved and not sent.
  p.reserved =
      event.count == 0 ? event.sequence : std::max(p.reserved, event.sequence + event.count);
}

void Checker::add_send(const Writer& writer, const Event& event) {
  Producer& p = producer(writer.run, event.producer);
  p.writer = writer;
  runs_.insert(writer.run);
  if (event.sequence >= p.attempts.size()) p.attempts.resize(event.sequence + 1);
  p.attempts[event.sequence] = {event.offset,    event.time_ns, -1,   event.name,
                                event.partition, event.outcome, true, false};
  p.reserved = std::max(p.reserved, event.sequence + 1);
  ++verdict_.attempts;
  verdict_.acked += event.outcome == Outcome::kOk ? 1 : 0;
  verdict_.failed += event.outcome == Outcome::kFailed ? 1 : 0;
}

void Checker::add_read(const Writer& writer, const Event& event) {
  const PartitionKey at{event.name, event.partition};
  ++verdict_.reads;
  Reader& reader = readers_[{writer.file, event.actor, event.name, event.partition}];
  if (reader.next >= 0 && event.offset < reader.next) {
    found(AnomalyType::kNonmonotonicPoll,
          place(at, event.offset) + " after offset " + std::to_string(reader.next - 1));
  }
  // A start that is unknown is taken to be where reading began.
  if (reader.start < 0) reader.start = event.offset;
  const std::int64_t expected = std::max(reader.next, reader.start);
  if (event.offset > expected) skips_.push_back({at, expected, event.offset});
  reader.next = std::max(reader.next, event.offset + 1);

  std::uint64_t record = OffsetTable::kForeign;
  const auto integrity = static_cast<Integrity>(event.integrity);
  if (integrity == Integrity::kCorrupt) {
    record = OffsetTable::kCorrupt;
    found(AnomalyType::kCorrupt, place(at, event.offset) + ": value does not match its CRC");
  } else if (integrity == Integrity::kIntact) {
    producer(event.run, event.producer);
    record = OffsetTable::record(producer_index_.at({event.run, event.producer}), event.sequence);
  }
  std::uint64_t& seen = partitions_[at].records.at(event.offset);
  if (seen != 0 && seen != record) {
    found(AnomalyType::kInconsistentOffset, place(at, event.offset) + ": two different records");
  }
  seen = record;
}

void Checker::follow_consumer(const Writer& writer, const Event& event) {
  Reader& reader = readers_[{writer.file, event.actor, event.name, event.partition}];
  reader = {};
  if (event.kind != Kind::kRevoke) reader.start = event.offset;
}

void Checker::add_drain(const Writer& writer, const Event& event) {
  const Reader& reader = readers_[{writer.file, event.actor, event.name, event.partition}];
  // From an unknown start to the end without a record: nothing before the end was looked at.
  const std::int64_t start = reader.start >= 0 ? reader.start : event.offset;
  partitions_[{event.name, event.partition}].drains.push_back({start, event.offset, event.time_ns});
}

// ---- what it means ------------------------------------------------------------------------------

Verdict Checker::finish() {
  match_reads();
  if (!options_.reads_only) judge_attempts();
  judge_order();
  judge_skips();
  judge_evidence();
  return std::move(verdict_);
}

void Checker::match_reads() {
  for (const auto& [at, partition] : partitions_) {
    partition.records.for_each([&, where = at](std::int64_t offset, std::uint64_t record) {
      if (is_foreign(record)) ++verdict_.foreign;
      if (is_foreign(record) || !OffsetTable::is_identified(record)) return;
      match_read(where, offset, OffsetTable::producer_of(record), OffsetTable::sequence_of(record));
    });
  }
}

// A topic may be shared: what other runs or other tools put there is not ours to judge.
bool Checker::is_foreign(std::uint64_t record) const {
  if (!OffsetTable::is_identified(record)) return record == OffsetTable::kForeign;
  const std::uint64_t run = producers_[OffsetTable::producer_of(record)]->writer.run;
  return !options_.reads_only && runs_.count(run) == 0;
}

void Checker::match_read(PartitionKey at, std::int64_t offset, std::uint32_t producer_index,
                         std::uint64_t sequence) {
  Producer& p = *producers_[producer_index];
  if (options_.reads_only) p.reserved = std::max(p.reserved, sequence + 1);
  if (sequence >= p.reserved) {
    found(AnomalyType::kPhantom,
          place(at, offset) + ": " + identity(p, sequence) + " was never sent by its run");
    return;
  }
  if (sequence >= p.attempts.size()) p.attempts.resize(sequence + 1);
  Attempt& attempt = p.attempts[sequence];
  const bool elsewhere = attempt.sent && attempt.partition >= 0 &&
                         (attempt.topic != at.first || attempt.partition != at.second);
  if (elsewhere) {
    found(AnomalyType::kPhantom, place(at, offset) + ": " + identity(p, sequence) +
                                     " was sent to " + names_.text(attempt.topic) + "[" +
                                     std::to_string(attempt.partition) + "]");
    return;
  }
  if (attempt.read_at >= 0) {
    const bool explained = attempt.outcome == Outcome::kUnknown || p.writer.retries_may_duplicate;
    found(AnomalyType::kDuplicate,
          place(at, offset) + ": " + identity(p, sequence) + " is also at offset " +
              std::to_string(attempt.read_at),
          explained);
  } else {
    attempt.read_at = offset;
  }
  attempt.read_at_acked_offset |= attempt.offset == offset;
}

void Checker::judge_attempts() {
  for (const auto& p : producers_) {
    verdict_.unknown += p->reserved;
    for (std::uint64_t s = 0; s < p->attempts.size(); ++s) judge_attempt(*p, s);
  }
  // What was reserved and has neither ack nor definite failure may be in the log.
  verdict_.unknown -= std::min(verdict_.unknown, verdict_.acked + verdict_.failed);
}

void Checker::judge_attempt(const Producer& p, std::uint64_t sequence) {
  const Attempt& a = p.attempts[sequence];
  if (!a.sent) return;
  const PartitionKey at{a.topic, a.partition};
  if (a.outcome == Outcome::kFailed && a.read_at >= 0) {
    found(AnomalyType::kAbortedRead, place(at, a.read_at) + ": " + identity(p, sequence) +
                                         " was refused, yet it is in the log");
  }
  if (a.outcome != Outcome::kOk) return;
  if (a.read_at >= 0) {
    ++verdict_.matched;
    if (a.offset >= 0 && !a.read_at_acked_offset) {
      found(AnomalyType::kInconsistentOffset, place(at, a.read_at) + ": " + identity(p, sequence) +
                                                  " was acknowledged at offset " +
                                                  std::to_string(a.offset));
    }
    return;
  }
  const auto partition = partitions_.find(at);
  const bool drained =
      partition != partitions_.end() &&
      std::any_of(partition->second.drains.begin(), partition->second.drains.end(),
                  [&](const Drain& d) {
                    const std::int64_t offset = std::max<std::int64_t>(a.offset, 0);
                    return d.start <= offset && (offset < d.end || d.time_ns > a.acked_ns);
                  });
  if (drained) {
    found(AnomalyType::kLost, place(at, a.offset) + ": " + identity(p, sequence) +
                                  " was acknowledged and is not in the log");
  } else {
    ++undrained_;
  }
}

void Checker::judge_order() {
  for (const auto& [at, partition] : partitions_) {
    std::map<std::uint32_t, std::uint64_t> last;  // producer -> highest sequence so far
    partition.records.for_each([&, where = at](std::int64_t offset, std::uint64_t record) {
      if (!OffsetTable::is_identified(record)) return;
      const Producer& p = *producers_[OffsetTable::producer_of(record)];
      const std::uint64_t sequence = OffsetTable::sequence_of(record);
      const auto [entry, is_first] = last.try_emplace(OffsetTable::producer_of(record), sequence);
      // A repetition of a record that stands earlier is a duplicate, not a disorder.
      const bool repeated = sequence < p.attempts.size() && p.attempts[sequence].read_at != offset;
      if (!is_first && sequence < entry->second && !repeated && p.writer.in_order) {
        found(AnomalyType::kProducerOrder,
              place(where, offset) + ": " + identity(p, sequence) + " stands after sequence " +
                  std::to_string(entry->second) + " of the same producer");
      }
      entry->second = std::max(entry->second, sequence);
    });
  }
}

// Skipping offsets that hold nothing is right; skipping a record is not.
void Checker::judge_skips() {
  std::map<PartitionKey, std::vector<std::int64_t>> held;  // offsets that hold a record, sorted
  if (skips_.empty()) return;
  for (const auto& [at, partition] : partitions_) {
    partition.records.for_each(
        [&, where = at](std::int64_t offset, std::uint64_t) { held[where].push_back(offset); });
  }
  for (const auto& p : producers_) {
    for (const Attempt& a : p->attempts) {
      if (a.sent && a.outcome == Outcome::kOk && a.offset >= 0) {
        held[{a.topic, a.partition}].push_back(a.offset);
      }
    }
  }
  for (auto& [at, offsets] : held) std::sort(offsets.begin(), offsets.end());
  for (const Skip& skip : skips_) {
    const std::vector<std::int64_t>& offsets = held[skip.at];
    const auto first = std::lower_bound(offsets.begin(), offsets.end(), skip.from);
    if (first != offsets.end() && *first < skip.to) {
      found(AnomalyType::kPollSkip, place(skip.at, *first) + ": a consumer went from offset " +
                                        std::to_string(skip.from - 1) + " to " +
                                        std::to_string(skip.to));
    }
  }
}

void Checker::judge_evidence() {
  if (options_.reads_only) {
    verdict_.missing.emplace_back(
        "there is no history of what was sent, so loss cannot be excluded");
  } else if (verdict_.acked == 0) {
    verdict_.missing.emplace_back("vacuous: no record was acknowledged");
  }
  if (verdict_.reads == 0) verdict_.missing.emplace_back("vacuous: no record was read");
  if (undrained_ > 0) {
    verdict_.missing.push_back(std::to_string(undrained_) +
                               " acknowledged records were neither read nor is their partition "
                               "known to have been read to its end");
  }
}

void Checker::found(AnomalyType type, const std::string& example, bool explained) {
  Anomaly& anomaly = verdict_.anomalies[type];
  ++anomaly.count;
  anomaly.explained += explained ? 1 : 0;
  if (anomaly.examples.size() < kMostExamples) anomaly.examples.push_back(example);
}

std::string Checker::place(PartitionKey at, std::int64_t offset) const {
  return names_.text(at.first) + "[" + std::to_string(at.second) + "]@" + std::to_string(offset);
}

std::string Checker::identity(const Producer& p, std::uint64_t sequence) const {
  return "producer " + std::to_string(p.number) + " sequence " + std::to_string(sequence) +
         " (uuid " + history::uuid({p.writer.run, p.number, sequence, 0}) + ")";
}

}  // namespace ks::verify
