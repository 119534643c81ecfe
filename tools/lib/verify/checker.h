#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lib/history/event.h"
#include "lib/verify/anomaly.h"
#include "lib/verify/availability.h"
#include "lib/verify/consumers.h"
#include "lib/verify/end_offsets.h"
#include "lib/verify/faults.h"
#include "lib/verify/group_offsets.h"
#include "lib/verify/ledger.h"
#include "lib/verify/partition_log.h"

// A pure function from a history to anomalies: no I/O, no clocks, no clients.
namespace ks::verify {

struct Verdict {
  Anomalies anomalies;
  std::vector<std::string> missing;  // why the evidence is too little to say yes
  std::uint64_t attempts = 0;        // sent, whatever the outcome
  std::uint64_t acked = 0;
  std::uint64_t unknown = 0;
  std::uint64_t failed = 0;
  std::uint64_t reads = 0;    // records read, repetitions included
  std::uint64_t matched = 0;  // acknowledged attempts whose identity was read back
  std::uint64_t rereads = 0;  // of these: a group read what it had read before
  std::uint64_t foreign = 0;  // offsets with a record that no run of this history sent

  struct Operation {
    std::string topic;
    std::int32_t partition = -1;
    const char* name = "";  // produce or consume
    Availability availability;
  };
  std::vector<Operation> operations;  // those that were tried
  std::vector<Faults::Fault> faults;
};

struct Options {
  // Without a history of what was sent: identities, order and duplicates are still judged, loss and
  // phantoms cannot be, and the verdict always misses evidence.
  bool reads_only = false;
};

class Checker {
 public:
  Checker(const history::Names& names, Options options) : names_(names), options_(options) {}

  // Events in the order of their times, as history::Folder gives them.
  void add(const Writer& writer, const history::Event& event);

  Verdict finish();

 private:
  using GroupId = std::uint32_t;
  // As brokers acknowledge what they take for a repetition: its first copy may still be on its way
  // to the other replicas.
  struct AckWithoutOffset {
    RecordId record;
    std::uint32_t clock = 0;
    std::int64_t time_ns = 0;
    std::int64_t committed_ns = -1;  // since then for certain: what was sent after it was, too
  };
  struct Partition {
    std::uint32_t topic = 0;
    std::int32_t number = -1;
    std::string name;  // for people: orders[0]
    PartitionLog log;
    Consumers consumers;
    EndOffsets ends;
    std::vector<AckWithoutOffset> acks_without_offset;
    std::size_t first_uncommitted = 0;  // of them
    std::map<GroupId, GroupOffsets> groups;
    GroupId last_group = 0;  // that read here; 0: none
    GroupOffsets* offsets_of_last_group = nullptr;
    Availability produce;
    Availability consume;
    bool has_foreign = false;
  };
  // Another place of a record than that of its acknowledgement.
  struct Copy {
    RecordId record;
    const Partition* partition;
    std::int64_t offset;
  };

  Partition& partition(std::uint32_t topic, std::int32_t number);
  void add_send(const Writer& writer, const history::Event& event);
  static void commit_earlier_acks(Partition& at, const Writer& writer, const history::Event& event);
  void add_read(const Writer& writer, const history::Event& event);
  void meet_faults(Partition& at, const history::Event& event);
  void add_fault(const history::Event& event);

  void judge_log(Partition& at);
  bool judge_read(const Partition& at, std::int64_t offset, PartitionLog::Slot slot);
  void judge_acks(const Partition& at);
  void judge_ack(const Partition& at, RecordId record, std::int64_t offset, bool is_displaced,
                 bool is_read);
  void judge_order(const Partition& at, std::int64_t offset, RecordId record,
                   std::vector<std::uint64_t>& highest);
  void judge_acks_without_offset(const Partition& at);
  void judge_missing(const Partition& at, const AckWithoutOffset& ack);
  std::span<const Copy> copies_of(RecordId record) const;  // once they are sorted
  void judge_evidence();
  void fill_operations();

  std::string place(const Partition& at, std::int64_t offset, RecordId record) const;

  const history::Names& names_;
  Options options_;
  Ledger ledger_;
  Faults faults_;
  std::vector<std::unique_ptr<Partition>> partitions_;
  std::map<std::pair<std::uint32_t, std::int32_t>, Partition*> by_name_;
  std::vector<std::vector<Partition*>> quick_;  // by topic and partition, of small numbers
  std::vector<Copy> copies_;
  std::int64_t last_time_ns_ = 0;
  std::uint64_t undrained_ = 0;
  Verdict verdict_;
};

}  // namespace ks::verify
