#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lib/history/event.h"
#include "lib/history/identity.h"
#include "lib/verify/offset_table.h"

// A pure function from a history to anomalies: no I/O, no clocks, no clients.
namespace ks::verify {

// What a healthy broker never does. Definitions: reports/README.md.
enum class AnomalyType {
  kLost,
  kDuplicate,
  kPhantom,
  kAbortedRead,
  kInconsistentOffset,
  kProducerOrder,
  kNonmonotonicPoll,
  kPollSkip,
  kCorrupt,
};
inline constexpr int kAnomalyTypes = 9;
const char* name_of(AnomalyType type);

struct Anomaly {
  std::uint64_t count = 0;  // whole
  std::uint64_t explained =
      0;  // of these: duplicates that unknown attempts or hidden retries explain
  std::vector<std::string> examples;  // at most kMostExamples
};
inline constexpr std::size_t kMostExamples = 10;

struct Verdict {
  std::map<AnomalyType, Anomaly> anomalies;  // only those that occurred
  std::vector<std::string> missing;          // why the evidence is too little to say yes
  std::uint64_t attempts = 0;                // sent, whatever the outcome
  std::uint64_t acked = 0;
  std::uint64_t unknown = 0;
  std::uint64_t failed = 0;
  std::uint64_t reads = 0;    // records read, repetitions included
  std::uint64_t matched = 0;  // acknowledged attempts whose identity was read back
  std::uint64_t foreign = 0;  // offsets with a record that no run of this history sent
};

// What the file that an event comes from says of its writer.
struct Writer {
  std::uint32_t file = 0;  // number of the file, for telling actors apart
  std::uint64_t run = 0;
  bool in_order = false;
  bool retries_may_duplicate = false;
};

struct Options {
  // Without a history of what was sent: identities, order and duplicates are still judged, loss and
  // phantoms cannot be, and the verdict always misses evidence.
  bool reads_only = false;
};

class Checker {
 public:
  Checker(const history::Names& names, Options options) : names_(names), options_(options) {}

  // Events of one file in their order; files in any order.
  void add(const Writer& writer, const history::Event& event);

  Verdict finish();

 private:
  using ProducerKey = std::pair<std::uint64_t, std::uint16_t>;  // run, number
  using PartitionKey = std::pair<std::uint32_t, std::int32_t>;  // topic, partition
  using ReaderKey = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::int32_t>;

  struct Attempt {
    std::int64_t offset = -1;  // as acknowledged
    std::int64_t acked_ns = 0;
    std::int64_t read_at = -1;  // offset of the first read
    std::uint32_t topic = 0;
    std::int32_t partition = -1;
    history::Outcome outcome = history::Outcome::kUnknown;
    bool sent = false;
    bool read_at_acked_offset = false;
  };
  struct Producer {
    Writer writer;
    std::uint16_t number = 0;
    std::uint64_t reserved = 0;  // sequences below may have been sent
    std::vector<Attempt> attempts;
  };
  struct Drain {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t time_ns = 0;
  };
  struct Partition {
    OffsetTable records;
    std::vector<Drain> drains;
  };
  // Where one consumer stands in one partition since its last assign or seek.
  struct Reader {
    std::int64_t start = -1;  // -1: unknown, as where a group had a commit
    std::int64_t next = -1;   // -1: nothing read yet
  };
  struct Skip {
    PartitionKey at;
    std::int64_t from = 0;
    std::int64_t to = 0;  // not included
  };

  Producer& producer(std::uint64_t run, std::uint16_t number);
  void add_reserve(const Writer& writer, const history::Event& event);
  void add_send(const Writer& writer, const history::Event& event);
  void add_read(const Writer& writer, const history::Event& event);
  void add_drain(const Writer& writer, const history::Event& event);
  void follow_consumer(const Writer& writer, const history::Event& event);
  void match_reads();
  bool is_foreign(std::uint64_t record) const;
  void match_read(PartitionKey at, std::int64_t offset, std::uint32_t producer_index,
                  std::uint64_t sequence);
  void judge_attempts();
  void judge_attempt(const Producer& producer, std::uint64_t sequence);
  void judge_order();
  void judge_skips();
  void judge_evidence();

  void found(AnomalyType type, const std::string& example, bool explained = false);
  std::string place(PartitionKey at, std::int64_t offset) const;
  std::string identity(const Producer& producer, std::uint64_t sequence) const;

  const history::Names& names_;
  Options options_;
  std::vector<std::unique_ptr<Producer>> producers_;
  std::map<ProducerKey, std::uint32_t> producer_index_;
  std::map<PartitionKey, Partition> partitions_;
  std::map<ReaderKey, Reader> readers_;
  std::set<std::uint64_t> runs_;  // those that this history says to have sent something
  std::vector<Skip> skips_;
  std::uint64_t undrained_ = 0;
  Verdict verdict_;
};

}  // namespace ks::verify
