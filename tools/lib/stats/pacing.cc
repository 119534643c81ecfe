#include "lib/stats/pacing.h"

#include <algorithm>
#include <cmath>

namespace ks::stats {

Pacing::Pacing(std::int64_t start_ns, double rate_per_s)
    : start_ns_(start_ns),
      milli_rate_(rate_per_s <= 0
                      ? 0
                      : std::max<std::uint64_t>(
                            1, static_cast<std::uint64_t>(std::llround(rate_per_s * 1000)))) {}

std::int64_t Pacing::intended_ns(std::uint64_t i) const {
  if (!paced()) return start_ns_;
  __extension__ using Wide = unsigned __int128;
  return start_ns_ +
         static_cast<std::int64_t>(static_cast<Wide>(i) * 1'000'000'000'000ULL / milli_rate_);
}

}  // namespace ks::stats
