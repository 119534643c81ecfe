#pragma once

#include <chrono>
#include <thread>

#include "lib/cli/clock.h"
#include "lib/cli/signals.h"

namespace ks::target {

// How often a condition is looked at that nothing announces: a port, a page, a process of another.
inline constexpr auto kPollInterval = std::chrono::milliseconds(10);

// Asks `condition` until it holds, the deadline has passed or a stop signal came; the answer is
// whether it held. It is asked at least once, also after the deadline.
template <typename Condition>
bool wait_until(Condition condition, cli::Deadline deadline,
                std::chrono::milliseconds interval = kPollInterval) {
  while (!condition()) {
    if (cli::Clock::now() >= deadline || cli::stop_signal() != 0) return false;
    std::this_thread::sleep_for(interval);
  }
  return true;
}

// The same whatever signal comes: for what has begun and must not stay half done. The deadline is
// to be near.
template <typename Condition>
bool wait_unmoved(Condition condition, cli::Deadline deadline) {
  while (!condition()) {
    if (cli::Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

}  // namespace ks::target
