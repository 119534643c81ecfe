#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/history/event.h"
#include "lib/verify/ack_frontier.h"
#include "lib/verify/anomaly.h"
#include "lib/verify/faults.h"
#include "lib/verify/ledger.h"

namespace ks::verify {

// Compares what a partition's ends and acknowledgements say of each other, in the order of time.
// Only what has the same clock is compared.
class EndOffsets {
 public:
  // Of an acknowledged attempt.
  void ack(const Writer& writer, const history::Event& event, const std::string& partition,
           Anomalies& anomalies);

  // Of kEndOffset and kHighWatermark.
  void end(const Writer& writer, const history::Event& event, const std::string& partition,
           const Faults& faults, Anomalies& anomalies);

  // The highest offset acknowledged so far by attempts of the writer's clock; -1: none, or by a
  // leader alone, whose consumers get to see it only later.
  std::int64_t acked(const Writer& writer) const;

  // After the last event.
  void judge(const std::string& partition, Anomalies& anomalies) const;

 private:
  struct Shrunk {
    std::int64_t end = -1;
    std::int64_t acked = -1;
  };

  std::vector<AckFrontier> frontiers_;  // by clock
  bool all_in_sync_ = true;             // every ack was one of acks=all
  std::optional<Shrunk> shrunk_;        // the newest end that ListOffsets gave, if it shows that
};

}  // namespace ks::verify
