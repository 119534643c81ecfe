#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/history/event.h"
#include "lib/verify/chunked_table.h"

namespace ks::verify {

// What the file that an event comes from says of its writer.
struct Writer {
  std::uint32_t file = 0;   // number of the file, for telling actors apart
  std::uint32_t clock = 0;  // times are compared where it is the same
  std::uint64_t run = 0;
  bool in_order = false;
  bool order_ends_with_leader = false;  // of in_order: what a leader took last may be sent again
  bool retries_may_duplicate = false;
  int acks = -1;
};

// One record: its producer's number in the ledger, and its sequence.
struct RecordId {
  std::uint32_t producer = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const RecordId&) const = default;
};

// Who sent what, and how it ended: a byte for each attempt.
class Ledger {
 public:
  static constexpr std::uint32_t kMostProducers = 65'534;
  static constexpr std::uint64_t kMostSequences = 1ULL << 46;  // 280 years of 8,000 a second

  struct Producer {
    Writer writer;
    std::uint16_t number = 0;             // in its run
    std::uint32_t index = 0;              // in the ledger
    std::uint64_t reserved = 0;           // sequences below may have been sent
    ChunkedTable<std::uint8_t> attempts;  // by sequence
    bool is_ours = false;  // this history says that its run sent something; a topic may be shared
  };

  // Null where there are more than kMostProducers.
  Producer* producer(std::uint64_t run, std::uint16_t number) {
    const bool is_near =
        of_last_run_ != nullptr && run == last_run_ && number < of_last_run_->size();
    Producer* near = is_near ? (*of_last_run_)[number] : nullptr;
    return near != nullptr ? near : find_producer(run, number);
  }

  void reserve(const Writer& writer, const history::Event& event);

  // The record that was sent; nothing where its numbers are beyond what is kept.
  std::optional<RecordId> send(const Writer& writer, const history::Event& event);

  const Producer& of(RecordId record) const { return *producers_[record.producer]; }

  // After the last event: whose the producers are.
  void settle();

  struct Sighting {
    std::optional<history::Outcome> outcome;  // nothing: none is known
    bool is_sent = false;                     // or may have been
    bool is_repeated = false;                 // it was seen before
  };
  // The record was seen in a log.
  Sighting see(RecordId record);

  // Whether more than one copy of a record that ended so is what retries leave behind.
  bool may_be_repeated(RecordId record, std::optional<history::Outcome> outcome) const;

  std::uint64_t attempts() const { return attempts_; }
  std::uint64_t acked() const { return acked_; }
  std::uint64_t failed() const { return failed_; }
  std::uint64_t unknown() const;  // may be in the log: neither acknowledged nor refused
  bool has_too_many_producers() const { return too_many_; }

  // For people: "producer 0 sequence 7 (uuid …)".
  std::string text(RecordId record) const;

 private:
  Producer* find_producer(std::uint64_t run, std::uint16_t number);

  std::vector<std::unique_ptr<Producer>> producers_;
  std::map<std::uint64_t, std::vector<Producer*>> by_run_;  // then by number; null: not seen yet
  std::uint64_t last_run_ = 0;
  std::vector<Producer*>* of_last_run_ = nullptr;
  std::set<std::uint64_t> runs_;
  std::uint64_t attempts_ = 0;
  std::uint64_t acked_ = 0;
  std::uint64_t failed_ = 0;
  bool too_many_ = false;
};

}  // namespace ks::verify
