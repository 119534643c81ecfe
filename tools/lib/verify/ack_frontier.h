#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ks::verify {

// How far a partition was acknowledged, and since when. Acknowledgements are added in the order of
// their times; those of one millisecond are kept as one, known only at its last.
class AckFrontier {
 public:
  struct Reached {
    std::int64_t time_ns = 0;
    std::int64_t offset = -1;  // the highest acknowledged so far; -1: none
  };

  void add(std::int64_t time_ns, std::int64_t offset) {
    if (!steps_.empty() && offset <= steps_.back().offset) return;
    if (!steps_.empty() && steps_.back().time_ns / kStepNs == time_ns / kStepNs) {
      steps_.back() = {time_ns, offset};
      return;
    }
    if (steps_.size() == 2 * kMostSteps) {  // what is so long ago accuses nobody
      steps_.erase(steps_.begin(), steps_.begin() + kMostSteps);
    }
    steps_.push_back({time_ns, offset});
  }

  // What was known to be acknowledged before `time_ns`.
  Reached before(std::int64_t time_ns) const {
    auto after = steps_.end();
    while (after != steps_.begin() && std::prev(after)->time_ns >= time_ns) {
      constexpr std::ptrdiff_t kNear = 8;
      if (steps_.end() - after >= kNear) {
        after = std::partition_point(steps_.begin(), after,
                                     [&](const Reached& r) { return r.time_ns < time_ns; });
        break;
      }
      --after;
    }
    return after == steps_.begin() ? Reached{} : *std::prev(after);
  }

  std::int64_t highest() const { return steps_.empty() ? -1 : steps_.back().offset; }

 private:
  static constexpr std::int64_t kStepNs = 1'000'000;
  static constexpr std::ptrdiff_t kMostSteps = 1 << 16;  // two minutes and more

  std::vector<Reached> steps_;
};

}  // namespace ks::verify
