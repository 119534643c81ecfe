#include <algorithm>

#include "lib/scenario/read.h"

namespace ks::scenario {
namespace {

constexpr Duration kReadTime = std::chrono::seconds(60);
constexpr Duration kMetricsTime = std::chrono::seconds(10);
constexpr double kSlowestPerS = 1000;  // what a broker is trusted to take, where nothing says more

Duration seconds(double value) {
  constexpr double kMost = 86'400.0 * 365;  // whatever is longer never ends, as far as we see
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(std::min(value, kMost)));
}

// From the start of all: when the last record for the topic is due; none where nobody sends by a
// schedule.
Duration last_due(const std::string& topic, const Scenario& scenario) {
  Duration last{};
  for (const Traffic& each : scenario.traffic) {
    if (each.type != Type::kProduce || each.topic != topic) continue;
    if (const auto takes = scheduled(each)) {
      last = std::max(last, latest_start(each, scenario) + *takes);
    }
  }
  return last;
}

// What is asked for has to be sent first; the time-out is the reader's own part.
Duration reading_bound(const Traffic& consume, const Scenario& scenario) {
  const Duration own = consume.timeout.value_or(consume.duration.value_or(kReadTime));
  if (!consume.limit) return own;
  const Duration until_sent = last_due(consume.topic, scenario) - latest_start(consume, scenario);
  return own + std::max(until_sent, Duration{});
}

}  // namespace

std::optional<Duration> scheduled(const Traffic& produce) {
  std::optional<Duration> out = produce.duration;
  if (produce.messages && produce.rate_per_s > 0) {
    const Duration all = seconds(static_cast<double>(*produce.messages) / produce.rate_per_s);
    out = out ? std::min(*out, all) : all;
  }
  return out;
}

Duration bound_of(const Traffic& traffic, const Scenario& scenario) {
  switch (traffic.type) {
    case Type::kMetrics:
      return traffic.timeout.value_or(kMetricsTime);
    case Type::kConsume:
      return reading_bound(traffic, scenario);
    case Type::kProduce:
      break;
  }
  if (traffic.timeout) return *traffic.timeout;
  if (const auto takes = scheduled(traffic)) return *takes + kGrace;
  return 2 * kGrace + seconds(static_cast<double>(traffic.messages.value_or(0)) / kSlowestPerS);
}

Duration latest_start(const Traffic& traffic, const Scenario& scenario) {
  const Traffic* before = traffic.after.empty() ? nullptr : scenario.find(traffic.after);
  return (before == nullptr ? Duration{} : latest_end(*before, scenario)) + traffic.start_delay;
}

Duration latest_end(const Traffic& traffic, const Scenario& scenario) {
  return latest_start(traffic, scenario) + bound_of(traffic, scenario);
}

}  // namespace ks::scenario
