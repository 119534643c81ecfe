#include "lib/verify/availability.h"

#include <algorithm>

namespace ks::verify {

void Availability::recover(std::int64_t time_ns) {
  if (steady_++ == 0) steady_since_ns_ = time_ns;
  if (steady_ < kSteady) return;
  for (; open_ > 0; --open_) {
    Recovery& recovery = recoveries_[recoveries_.size() - open_];
    recovery.to_ns = steady_since_ns_;
    recovery.is_open = false;
  }
}

void Availability::failure() {
  ++attempts_;
  steady_ = 0;
}

void Availability::fault(std::size_t number, std::int64_t confirmed_ns) {
  const std::int64_t from = last_success_ns_ == 0 ? confirmed_ns : last_success_ns_;
  recoveries_.push_back({number, from, from, true});
  ++open_;
  steady_ = 0;
}

void Availability::end(std::int64_t time_ns) {
  for (std::size_t i = recoveries_.size() - open_; i < recoveries_.size(); ++i) {
    recoveries_[i].to_ns = std::max(time_ns, recoveries_[i].from_ns);
  }
}

double Availability::success_rate() const {
  return attempts_ == 0 ? 0 : static_cast<double>(successes_) / static_cast<double>(attempts_);
}

}  // namespace ks::verify
