#include "lib/verify/availability.h"

#include <algorithm>

namespace ks::verify {

void Availability::recover(std::int64_t time_ns) {
  if (steady_++ == 0) steady_since_ns_ = time_ns;
  for (AtWork& fault : at_work_) {
    const bool has_paused = fault.may_pause && last_success_ns_ != 0;
    if (has_paused && time_ns - last_success_ns_ > fault.pause_to_ns - fault.pause_from_ns) {
      fault.pause_from_ns = last_success_ns_;
      fault.pause_to_ns = time_ns;
    }
    fault.may_pause = fault.may_pause && !fault.is_healed;
    Recovery& recovery = recoveries_[fault.recovery];
    if (!recovery.is_open || steady_ < kSteady) continue;
    recovery.to_ns = steady_since_ns_;
    recovery.is_open = false;
  }
  std::erase_if(at_work_, [this](const AtWork& fault) {
    if (fault.may_pause || recoveries_[fault.recovery].is_open) return false;
    take_pause(fault);
    return true;
  });
}

void Availability::take_pause(const AtWork& fault) {
  Recovery& recovery = recoveries_[fault.recovery];
  if (fault.pause_to_ns - fault.pause_from_ns <= recovery.to_ns - recovery.from_ns) return;
  recovery.from_ns = fault.pause_from_ns;
  recovery.to_ns = fault.pause_to_ns;
}

void Availability::failure() {
  ++attempts_;
  steady_ = 0;
}

void Availability::fault(std::size_t number, std::int64_t since_ns) {
  const std::int64_t from = last_success_ns_ == 0 ? since_ns : last_success_ns_;
  at_work_.push_back({recoveries_.size()});
  recoveries_.push_back({number, from, from, true});
  steady_ = 0;
}

void Availability::heal(std::size_t number) {
  for (AtWork& fault : at_work_) {
    fault.is_healed = fault.is_healed || recoveries_[fault.recovery].fault == number;
  }
}

void Availability::end(std::int64_t time_ns) {
  for (const AtWork& fault : at_work_) {
    Recovery& recovery = recoveries_[fault.recovery];
    if (recovery.is_open) recovery.to_ns = std::max(time_ns, recovery.from_ns);
    take_pause(fault);
  }
}

double Availability::success_rate() const {
  return attempts_ == 0 ? 0 : static_cast<double>(successes_) / static_cast<double>(attempts_);
}

}  // namespace ks::verify
