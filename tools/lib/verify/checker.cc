#include "lib/verify/checker.h"

#include <algorithm>

#include "lib/history/identity.h"

namespace ks::verify {

using history::Event;
using history::Integrity;
using history::Kind;
using history::Outcome;
using Slot = PartitionLog::Slot;

// ---- what happened ------------------------------------------------------------------------------

Checker::Partition& Checker::partition(std::uint32_t topic, std::int32_t number) {
  constexpr std::uint32_t kQuickTopics = 1024;
  constexpr std::uint32_t kQuickPartitions = 4096;
  const auto index = static_cast<std::uint32_t>(number);
  const bool is_quick = topic < kQuickTopics && index < kQuickPartitions;
  if (is_quick && topic < quick_.size() && index < quick_[topic].size() &&
      quick_[topic][index] != nullptr) {
    return *quick_[topic][index];
  }
  Partition*& found = by_name_[{topic, number}];
  if (found == nullptr) {
    partitions_.push_back(std::make_unique<Partition>());
    found = partitions_.back().get();
    found->topic = topic;
    found->number = number;
    found->name = names_.text(topic) + "[" + std::to_string(number) + "]";
  }
  if (is_quick) {
    if (quick_.size() <= topic) quick_.resize(topic + 1);
    if (quick_[topic].size() <= index) quick_[topic].resize(index + 1);
    quick_[topic][index] = found;
  }
  return *found;
}

void Checker::add(const Writer& writer, const Event& event) {
  last_time_ns_ = std::max(last_time_ns_, event.time_ns);
  switch (event.kind) {
    case Kind::kReserve:
      return ledger_.reserve(writer, event);
    case Kind::kSend:
      return add_send(writer, event);
    case Kind::kRead:
      return add_read(writer, event);
    case Kind::kFaultBegin:
    case Kind::kFaultConfirmed:
    case Kind::kFaultHealed:
      return add_fault(event);
    case Kind::kPoll:
      return;  // its records tell
    default:
      break;
  }
  Partition& at = partition(event.name, event.partition);
  switch (event.kind) {
    case Kind::kAssign:
      return at.consumers.assign(writer, event, at.ends.acked(writer),
                                 event.group == 0 ? -1 : at.groups[event.group].floor());
    case Kind::kSeek:
      return at.consumers.assign(writer, event, at.ends.acked(writer));
    case Kind::kRevoke:
      return at.consumers.revoke(writer, event.actor);
    case Kind::kDrain:
      return at.log.drain(at.consumers.drain(writer, event.actor, event.offset));
    case Kind::kCommit:
      return at.groups[event.group].commit(
          event, at.consumers.is_member(writer, event.actor, event.group));
    case Kind::kOffsetFetch:
      return at.groups[event.group].fetched(event);
    default:
      return at.ends.end(writer, event, at.name, faults_, verdict_.anomalies);
  }
}

void Checker::add_send(const Writer& writer, const Event& event) {
  const auto record = ledger_.send(writer, event);
  if (event.partition < 0) return;
  Partition& at = partition(event.name, event.partition);
  if (at.produce.attempts() == 0) meet_faults(at, event);
  if (event.outcome != Outcome::kOk) return at.produce.failure();
  at.produce.success(event.time_ns);
  if (!record) return;
  if (event.offset < 0) {
    at.acks_without_offset.push_back({*record, writer.clock, event.time_ns});
    return;
  }
  commit_earlier_acks(at, writer, event);
  at.log.ack(*record, event.offset);
  at.ends.ack(writer, event, at.name, verdict_.anomalies);
}

void Checker::commit_earlier_acks(Partition& at, const Writer& writer, const Event& event) {
  for (; at.first_uncommitted < at.acks_without_offset.size(); ++at.first_uncommitted) {
    AckWithoutOffset& ack = at.acks_without_offset[at.first_uncommitted];
    if (ack.clock != writer.clock || ack.time_ns >= event.invoke_ns) return;
    ack.committed_ns = event.time_ns;
  }
}

void Checker::add_read(const Writer& writer, const Event& event) {
  Partition& at = partition(event.name, event.partition);
  ++verdict_.reads;
  at.consume.success(event.time_ns);
  const Consumers::Step step = at.consumers.read(writer, event.actor, event.offset);
  if (step.back_from >= 0) {
    verdict_.anomalies.found(AnomalyType::kNonmonotonicPoll, [&] {
      return at.name + "@" + std::to_string(event.offset) + " after offset " +
             std::to_string(step.back_from);
    });
  }
  if (step.below >= 0) {
    verdict_.anomalies.found(AnomalyType::kGroupReplay, [&] {
      return "group " + names_.text(event.group) + ", " + at.name + "@" +
             std::to_string(event.offset) + ": read again, though the group had committed " +
             std::to_string(step.below);
    });
  }
  if (event.group != 0) {
    if (event.group != at.last_group) at.offsets_of_last_group = &at.groups[event.group];
    at.last_group = event.group;
    at.offsets_of_last_group->read(event.offset);
  }
  Slot seen = Slot::foreign();
  const auto integrity = static_cast<Integrity>(event.integrity);
  if (integrity == Integrity::kCorrupt) {
    seen = Slot::corrupt();
    verdict_.anomalies.found(AnomalyType::kCorrupt, [&] {
      return at.name + "@" + std::to_string(event.offset) + ": value does not match its CRC";
    });
  } else if (integrity == Integrity::kIntact) {
    const Ledger::Producer* producer = ledger_.producer(event.run, event.producer);
    // A sequence beyond those that are kept was never sent, whichever it is.
    const std::uint64_t sequence = std::min(event.sequence, Ledger::kMostSequences - 1);
    if (producer != nullptr) seen = Slot::of({producer->index, sequence});
  }
  if (!at.log.read(seen, event.offset)) {
    verdict_.anomalies.found(AnomalyType::kInconsistentOffset, [&] {
      return at.name + "@" + std::to_string(event.offset) +
             ": two different records were read there";
    });
  }
}

// What is first produced to during a fault recovers from it, too: since that was tried.
void Checker::meet_faults(Partition& at, const Event& event) {
  for (std::size_t i = 0; i < faults_.all().size(); ++i) {
    const Faults::Fault& fault = faults_.all()[i];
    const bool is_over = fault.healed_ns != 0 && fault.healed_ns <= event.invoke_ns;
    if (fault.confirmed_ns == 0 || is_over) continue;
    at.produce.fault(i, std::max(fault.confirmed_ns, event.invoke_ns));
    if (fault.healed_ns != 0) at.produce.heal(i);
  }
}

void Checker::add_fault(const Event& event) {
  const auto fault = faults_.add(event);
  if (!fault) return;
  for (const auto& at : partitions_) {
    for (Availability* operation : {&at->produce, &at->consume}) {
      const bool is_tried = operation == &at->consume || operation->attempts() > 0;
      if (event.kind == Kind::kFaultConfirmed && is_tried) operation->fault(*fault, event.time_ns);
      if (event.kind == Kind::kFaultHealed) operation->heal(*fault);
    }
  }
}

// ---- what it means ------------------------------------------------------------------------------

Verdict Checker::finish() {
  ledger_.settle();
  // In the order of names, whatever was seen first.
  std::ranges::sort(partitions_, [this](const auto& a, const auto& b) {
    return std::pair(names_.text(a->topic), a->number) <
           std::pair(names_.text(b->topic), b->number);
  });
  for (const auto& at : partitions_) judge_log(*at);
  std::ranges::sort(copies_, {}, &Copy::record);
  for (const auto& at : partitions_) judge_acks(*at);
  for (const auto& at : partitions_) judge_acks_without_offset(*at);
  for (const auto& at : partitions_) {
    at->consumers.judge(at->log, at->name, !at->has_foreign, verdict_.anomalies);
    at->ends.judge(at->name, verdict_.anomalies);
    for (auto& [group, offsets] : at->groups) {
      verdict_.rereads += offsets.rereads();
      offsets.judge(at->log, "group " + names_.text(group) + ", " + at->name, verdict_.anomalies);
    }
  }
  judge_evidence();
  fill_operations();
  return std::move(verdict_);
}

// What was read, in the order of offsets.
void Checker::judge_log(Partition& at) {
  at.log.settle();
  std::vector<std::uint64_t> highest;  // by producer: its highest sequence so far, plus one
  at.log.for_each([&](std::int64_t offset, Slot slot) {
    if (!slot.is_read() || slot.holds_same(Slot::corrupt())) return;
    const bool is_identified = slot.is_identified();
    if (is_identified && (options_.reads_only || ledger_.of(slot.record()).is_ours)) {
      if (judge_read(at, offset, slot)) judge_order(at, offset, slot.record(), highest);
    } else {
      at.has_foreign = true;
      ++verdict_.foreign;
    }
  });
}

// False: the record has no place of its own here.
bool Checker::judge_read(const Partition& at, std::int64_t offset, Slot slot) {
  const RecordId record = slot.record();
  const Ledger::Sighting seen = ledger_.see(record);
  if (!options_.reads_only && !seen.is_sent) {
    verdict_.anomalies.found(AnomalyType::kPhantom, [&] {
      return place(at, offset, record) + " was never sent by its run";
    });
    return false;
  }
  if (seen.outcome == Outcome::kFailed) {
    verdict_.anomalies.found(AnomalyType::kAbortedRead, [&] {
      return place(at, offset, record) + " was refused, yet it is in the log";
    });
  }
  if (slot.is_acked()) {
    ++verdict_.matched;
  } else if (seen.outcome == Outcome::kOk) {
    copies_.push_back({record, &at, offset});  // for judge_acks, which knows where it should be
  } else if (seen.is_repeated) {
    verdict_.anomalies.found(
        AnomalyType::kDuplicate,
        [&] { return place(at, offset, record) + " stands at another offset, too"; },
        ledger_.may_be_repeated(record, seen.outcome));
  }
  return !seen.is_repeated;  // a repetition is a duplicate, not a disorder
}

void Checker::judge_order(const Partition& at, std::int64_t offset, RecordId record,
                          std::vector<std::uint64_t>& highest) {
  if (highest.size() <= record.producer) highest.resize(record.producer + 1);
  std::uint64_t& before = highest[record.producer];
  const Writer& writer = ledger_.of(record).writer;
  if (record.sequence < before && writer.in_order) {
    verdict_.anomalies.found(
        AnomalyType::kProducerOrder,
        [&] {
          return place(at, offset, record) + " stands after sequence " +
                 std::to_string(before - 1) + " of the same producer";
        },
        writer.order_ends_with_leader);
  }
  before = std::max(before, record.sequence + 1);
}

// What was acknowledged, where it was acknowledged.
void Checker::judge_acks(const Partition& at) {
  if (options_.reads_only) return;
  at.log.for_each([&](std::int64_t offset, Slot slot) {
    if (!slot.is_acked() || !slot.is_identified()) return;
    if (slot.is_read() && copies_.empty()) return;
    judge_ack(at, slot.record(), offset, false, slot.is_read());
  });
  for (const PartitionLog::Displaced& each : at.log.displaced()) {
    judge_ack(at, each.record, each.offset, true, false);
  }
}

void Checker::judge_ack(const Partition& at, RecordId record, std::int64_t offset,
                        bool is_displaced, bool is_read) {
  if (is_displaced) {
    verdict_.anomalies.found(AnomalyType::kInconsistentOffset, [&] {
      return place(at, offset, record) + " was acknowledged there, where another record stands";
    });
  }
  bool is_found = is_read;
  for (const Copy& copy : copies_of(record)) {
    const auto example = [&] {
      return place(*copy.partition, copy.offset, record) + " was acknowledged at " + at.name + "@" +
             std::to_string(offset);
    };
    if (copy.partition != &at) {
      verdict_.anomalies.found(AnomalyType::kPhantom, example);
    } else if (is_found) {
      verdict_.anomalies.found(AnomalyType::kDuplicate, example,
                               ledger_.may_be_repeated(record, Outcome::kOk));
    } else {
      is_found = true;
      ++verdict_.matched;
      if (!is_displaced) verdict_.anomalies.found(AnomalyType::kInconsistentOffset, example);
    }
  }
  if (is_found) return;
  if (!at.log.is_drained(offset)) {
    ++undrained_;
    return;
  }
  verdict_.anomalies.found(AnomalyType::kLost, [&] {
    return place(at, offset, record) + " was acknowledged and is not in the log";
  });
}

void Checker::judge_acks_without_offset(const Partition& at) {
  if (options_.reads_only) return;
  for (const AckWithoutOffset& ack : at.acks_without_offset) {
    const auto copies = copies_of(ack.record);
    if (copies.empty()) {
      judge_missing(at, ack);
      continue;
    }
    ++verdict_.matched;
    for (const Copy& copy : copies.subspan(1)) {
      verdict_.anomalies.found(
          AnomalyType::kDuplicate,
          [&] {
            return place(*copy.partition, copy.offset, copy.record) +
                   " stands at another offset, too";
          },
          ledger_.may_be_repeated(copy.record, Outcome::kOk));
    }
  }
}

void Checker::judge_missing(const Partition& at, const AckWithoutOffset& ack) {
  if (ack.committed_ns < 0 || !at.log.was_read_whole_after(ack.committed_ns, ack.clock)) {
    ++undrained_;
    return;
  }
  verdict_.anomalies.found(AnomalyType::kLost, [&] {
    return at.name + ": " + ledger_.text(ack.record) +
           " was acknowledged, without an offset, and is not in the log";
  });
}

std::span<const Checker::Copy> Checker::copies_of(RecordId record) const {
  const auto is_before = [](const Copy& copy, RecordId id) { return copy.record < id; };
  const auto first = std::lower_bound(copies_.begin(), copies_.end(), record, is_before);
  auto last = first;
  while (last != copies_.end() && last->record == record) ++last;
  return {first, last};
}

void Checker::judge_evidence() {
  verdict_.attempts = ledger_.attempts();
  verdict_.acked = ledger_.acked();
  verdict_.failed = ledger_.failed();
  verdict_.unknown = options_.reads_only ? 0 : ledger_.unknown();
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
  if (ledger_.has_too_many_producers()) {
    verdict_.missing.push_back("more than " + std::to_string(Ledger::kMostProducers) +
                               " producers: those beyond are not judged");
  }
}

void Checker::fill_operations() {
  verdict_.faults = faults_.all();
  for (const auto& at : partitions_) {
    for (const auto& [name, availability] :
         {std::pair("produce", &at->produce), std::pair("consume", &at->consume)}) {
      if (availability->attempts() == 0) continue;
      availability->end(last_time_ns_);
      verdict_.operations.push_back({names_.text(at->topic), at->number, name, *availability});
    }
  }
}

std::string Checker::place(const Partition& at, std::int64_t offset, RecordId record) const {
  return at.name + "@" + std::to_string(offset) + ": " + ledger_.text(record);
}

}  // namespace ks::verify
