#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ks::verify {

// What a healthy broker never does. Definitions, each with an example: reports/README.md.
enum class AnomalyType {
  kLost,
  kTruncation,
  kInconsistentOffset,
  kDuplicate,
  kPhantom,
  kAbortedRead,
  kProducerOrder,
  kNonmonotonicSend,
  kNonmonotonicPoll,
  kPollSkip,
  kOffsetGap,
  kStaleRead,
  kCommitRegressed,
  kCommitAhead,
  kGroupSkip,
  kGroupReplay,
  kCorrupt,
};
inline constexpr int kAnomalyTypes = 17;
const char* name_of(AnomalyType type);
// Whether there may be one that is no fault of the broker's.
constexpr bool is_explicable(AnomalyType type) {
  return type == AnomalyType::kDuplicate || type == AnomalyType::kProducerOrder;
}
std::optional<AnomalyType> anomaly_of(std::string_view name);

struct Anomaly {
  std::uint64_t count = 0;      // whole
  std::uint64_t explained = 0;  // of these: by unknown attempts, or by what the client may repeat
  std::vector<std::string> examples;  // at most kMostExamples
};
inline constexpr std::size_t kMostExamples = 10;

// Anomalies by type; only those that occurred.
class Anomalies {
 public:
  // `example` makes the text of one, and is called only where one more is wanted.
  template <typename Example>
  void found(AnomalyType type, Example example, bool explained = false) {
    Anomaly& anomaly = by_type_[type];
    ++anomaly.count;
    anomaly.explained += explained ? 1 : 0;
    if (anomaly.examples.size() < kMostExamples) anomaly.examples.push_back(example());
  }

  const std::map<AnomalyType, Anomaly>& by_type() const { return by_type_; }

 private:
  std::map<AnomalyType, Anomaly> by_type_;
};

}  // namespace ks::verify
