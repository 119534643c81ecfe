#pragma once

#include <cstdint>

namespace ks::stats {

// An open-loop schedule: attempt i is due at start + i/rate, whatever the broker does. Latency
// counted from then shows what a user would have felt; a closed loop would hide every stall.
class Pacing {
 public:
  // rate_per_s 0: no schedule, everything is due at once.
  Pacing(std::int64_t start_ns, double rate_per_s);

  // When attempt i is due, in the clock of start_ns. Integer arithmetic: no drift over days.
  std::int64_t intended_ns(std::uint64_t i) const;

  bool paced() const { return milli_rate_ != 0; }

 private:
  std::int64_t start_ns_;
  std::uint64_t milli_rate_;  // attempts in 1,000 seconds
};

}  // namespace ks::stats
