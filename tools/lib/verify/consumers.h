#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/history/event.h"
#include "lib/verify/anomaly.h"
#include "lib/verify/ledger.h"
#include "lib/verify/partition_log.h"

namespace ks::verify {

// Follows the consumers of one partition: where each stands since its last assignment or seek, and
// which offsets they went over.
class Consumers {
 public:
  // Of kAssign and kSeek: from the offset on (-1: unknown, as where a group had a commit), at a
  // time when the partition was acknowledged up to `acked`, and its group had committed `floor`
  // (-1: nothing, or no group).
  void assign(const Writer& writer, const history::Event& event, std::int64_t acked,
              std::int64_t floor = -1);
  void revoke(const Writer& writer, std::uint32_t actor);

  struct Step {
    std::int64_t back_from = -1;  // the offset it had read before it went back; -1: it did not
    std::int64_t below = -1;      // the commit behind which it should have begun; -1: it did
  };
  Step read(const Writer& writer, std::uint32_t actor, std::int64_t offset);

  // What a consumer that reached the partition's end has seen. Its fetches began after its
  // assignment: what was acknowledged before that should have been there, wherever the end was said
  // to be.
  PartitionLog::Drained drain(const Writer& writer, std::uint32_t actor, std::int64_t end);

  // Whether the consumer has the partition as a member of the group.
  bool is_member(const Writer& writer, std::uint32_t actor, std::uint32_t group) const;

  // After the last event: what was gone over, and held a record or nothing.
  void judge(const PartitionLog& log, const std::string& partition, bool gaps_too,
             Anomalies& anomalies);

 private:
  struct Consumer {
    std::uint32_t file = 0;
    std::uint32_t actor = 0;
    std::uint32_t group = 0;
    bool is_assigned = false;
    std::int64_t start = -1;  // -1: unknown
    std::int64_t next = -1;   // -1: nothing read yet
    std::int64_t acked_at_assign = -1;
    std::int64_t floor = -1;
    std::int64_t assigned_ns = 0;
  };
  struct Skip {
    std::int64_t from = 0;
    std::int64_t to = 0;            // not included
    bool is_between_reads = false;  // false: between the start and the first record
    auto operator<=>(const Skip&) const = default;
  };

  Consumer& consumer(const Writer& writer, std::uint32_t actor);

  std::vector<Consumer> consumers_;
  std::size_t last_ = 0;  // used last
  std::vector<Skip> skips_;
};

}  // namespace ks::verify
