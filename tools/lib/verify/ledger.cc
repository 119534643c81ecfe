#include "lib/verify/ledger.h"

#include <algorithm>

#include "lib/history/identity.h"

namespace ks::verify {

using history::Outcome;

namespace {

// An attempt's byte: its outcome plus one, and whether the record was seen in a log.
constexpr std::uint8_t kOutcomeMask = 0x3;
constexpr std::uint8_t kSeen = 0x4;

}  // namespace

Ledger::Producer* Ledger::find_producer(std::uint64_t run, std::uint16_t number) {
  of_last_run_ = &by_run_[run];
  last_run_ = run;
  if (of_last_run_->size() <= number) of_last_run_->resize(std::size_t{number} + 1);
  Producer*& found = (*of_last_run_)[number];
  if (found != nullptr) return found;
  if (producers_.size() == kMostProducers) {
    too_many_ = true;
    return nullptr;
  }
  found = producers_.emplace_back(std::make_unique<Producer>()).get();
  found->writer.run = run;
  found->number = number;
  found->index = static_cast<std::uint32_t>(producers_.size() - 1);
  return found;
}

void Ledger::reserve(const Writer& writer, const history::Event& event) {
  Producer* p = producer(writer.run, event.producer);
  if (p == nullptr) return;
  p->writer = writer;
  runs_.insert(writer.run);
  // A count of zero gives back what was reserved and not sent.
  p->reserved =
      event.count == 0 ? event.sequence : std::max(p->reserved, event.sequence + event.count);
}

std::optional<RecordId> Ledger::send(const Writer& writer, const history::Event& event) {
  ++attempts_;
  acked_ += event.outcome == Outcome::kOk ? 1 : 0;
  failed_ += event.outcome == Outcome::kFailed ? 1 : 0;
  Producer* p = producer(writer.run, event.producer);
  if (p == nullptr || event.sequence >= kMostSequences) return std::nullopt;
  if (event.sequence >= p->reserved) {  // its reservation comes first, where there is one
    p->reserved = event.sequence + 1;
    p->writer = writer;
    runs_.insert(writer.run);
  }
  std::uint8_t& attempt = p->attempts.at(static_cast<std::int64_t>(event.sequence));
  attempt = static_cast<std::uint8_t>((attempt & ~kOutcomeMask) |
                                      (static_cast<std::uint8_t>(event.outcome) + 1));
  return RecordId{p->index, event.sequence};
}

void Ledger::settle() {
  for (const auto& p : producers_) p->is_ours = runs_.count(p->writer.run) != 0;
}

Ledger::Sighting Ledger::see(RecordId record) {
  Producer& p = *producers_[record.producer];
  std::uint8_t& attempt = p.attempts.at(static_cast<std::int64_t>(record.sequence));
  Sighting seen;
  if ((attempt & kOutcomeMask) != 0)
    seen.outcome = static_cast<Outcome>((attempt & kOutcomeMask) - 1);
  seen.is_sent = record.sequence < p.reserved;
  seen.is_repeated = (attempt & kSeen) != 0;
  attempt |= kSeen;
  return seen;
}

bool Ledger::may_be_repeated(RecordId record, std::optional<Outcome> outcome) const {
  return of(record).writer.retries_may_duplicate || !outcome || *outcome == Outcome::kUnknown;
}

std::uint64_t Ledger::unknown() const {
  std::uint64_t reserved = 0;
  for (const auto& p : producers_) reserved += p->reserved;
  return reserved - std::min(reserved, acked_ + failed_);
}

std::string Ledger::text(RecordId record) const {
  const Producer& p = of(record);
  return "producer " + std::to_string(p.number) + " sequence " + std::to_string(record.sequence) +
         " (uuid " + history::uuid({p.writer.run, p.number, record.sequence, 0}) + ")";
}

}  // namespace ks::verify
