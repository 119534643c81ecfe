#include "lib/ops/fault_effect.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <thread>

#include "lib/cli/signals.h"

namespace ks::ops {
namespace {

using cli::Result;
using target::Exchange;
using Outcome = Exchange::Outcome;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr double kMargin = 0.8;
// Exchanges are made so large that what slows them is well above a machine's own hesitations.
constexpr double kLeastEffectMs = 100;
// So many take a third of a second where nothing slows them.
constexpr std::uint64_t kMostRequestsOfKafka = 1024;
constexpr std::uint64_t kMostRequestsOfHttp = 256;
constexpr auto kPause = std::chrono::milliseconds(50);

std::string in_ms(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", ms);
  return text;
}

// `sorted` is not empty; 0.5 is the median.
double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(
      std::llround(share * static_cast<double>(sorted.size() - 1)))];
}

cli::Duration to_duration(double ms) {
  return std::chrono::duration_cast<cli::Duration>(Milliseconds(ms));
}

std::uint64_t bytes_of_larger(const Fault& fault, const Exchange& exchange) {
  return std::max(fault.affects("upstream") ? exchange.up_bytes : 0,
                  fault.affects("downstream") ? exchange.down_bytes : 0);
}

// The same exchange with so many times its requests.
Exchange scaled(const Exchange& one, std::uint64_t times, target::Protocol protocol) {
  Exchange out = one;
  out.up_bytes *= times;
  out.down_bytes *= times;
  if (protocol == target::Protocol::kHttp) out.connections *= times;
  return out;
}

std::uint64_t requests_for(const Fault& fault, const Exchange& one, target::Protocol protocol) {
  if (fault.kind == FaultKind::kLatency) return 1;  // which does not grow with them
  const std::uint64_t most =
      protocol == target::Protocol::kHttp ? kMostRequestsOfHttp : kMostRequestsOfKafka;
  std::uint64_t requests = 1;
  while (requests < most && effect_ms(fault, scaled(one, requests, protocol)) < kLeastEffectMs) {
    requests *= 2;
  }
  return requests;
}

struct Samples {
  std::vector<double> ms;  // ascending
  Exchange last;           // where one was not answered, that one
};

Samples take(const target::PathProbe& probe, const Baseline& how, cli::Duration timeout) {
  Samples out;
  while (out.ms.size() < how.times && (out.ms.empty() || cli::stop_signal() == 0)) {
    out.last = probe.exchange(how.requests, how.large, timeout);
    if (out.last.outcome != Outcome::kAnswered) break;
    out.ms.push_back(out.last.ms);
  }
  std::sort(out.ms.begin(), out.ms.end());
  return out;
}

std::string described(const Exchange& exchange) {
  return std::string(to_string(exchange.outcome)) + " after " + in_ms(exchange.ms) +
         (exchange.outcome == Outcome::kFailed ? ": " + exchange.why : "");
}

std::string untellable(const Fault& fault, const Exchange& exchange, const Baseline& before) {
  const double effect = effect_ms(fault, exchange);
  if (effect <= 0) {
    return "the answers, of " + std::to_string(exchange.down_bytes / exchange.connections) +
           " bytes, are too small to be cut into pieces of " + std::to_string(fault.slice_bytes);
  }
  if (fault.kind != FaultKind::kBandwidth || effect >= 2 * before.median_ms) return "";
  return "the path by itself takes " + in_ms(before.median_ms) + " for " +
         std::to_string(bytes_of_larger(fault, exchange)) + " bytes, and this rate would take " +
         in_ms(effect);
}

Sight look_for_slower(const Fault& fault, const target::PathProbe& probe, const Baseline& before,
                      cli::Duration timeout) {
  // SASL takes further round trips.
  constexpr double kMostRoundTrips = 4;
  const double per_trip = static_cast<double>(fault.latency_ms + fault.jitter_ms) * 2 +
                          before.least_growth_ms / kMargin;
  const Samples during = take(probe, before, timeout + to_duration(kMostRoundTrips * per_trip));
  if (during.ms.empty() || during.last.outcome != Outcome::kAnswered) {
    return {false, {}, described(during.last)};
  }
  const double median = quantile(during.ms, 0.5);
  const bool seen =
      during.ms.size() == before.times && median >= before.median_ms + before.least_growth_ms;
  return {seen, median,
          "median " + in_ms(median) + ", " + in_ms(before.median_ms) + " before, wanted at least " +
              in_ms(before.least_growth_ms) + " more"};
}

}  // namespace

double effect_ms(const Fault& fault, const Exchange& exchange) {
  switch (fault.kind) {
    case FaultKind::kLatency: {
      constexpr double kLeastShare = 0.375;  // a median may well be so low if jitter equals latency
      const auto latency = static_cast<double>(fault.latency_ms);
      const double least = latency - static_cast<double>(fault.jitter_ms);
      return static_cast<double>(fault.streams.size()) * std::max(least, kLeastShare * latency);
    }
    case FaultKind::kBandwidth:  // a kB a second is a byte a millisecond
      return static_cast<double>(bytes_of_larger(fault, exchange)) /
             static_cast<double>(fault.rate_kb_per_s);
    case FaultKind::kSlicer: {
      const auto bytes = static_cast<double>(bytes_of_larger(fault, exchange));
      const double pauses = bytes / static_cast<double>(fault.slice_bytes) -
                            static_cast<double>(exchange.connections);
      return std::max(0.0, pauses) * static_cast<double>(fault.slice_delay_us) / 1000;
    }
    case FaultKind::kTimeout:
    case FaultKind::kReset:
    case FaultKind::kDown:
      break;
  }
  return 0;
}

Result<Baseline> measure_before(const Fault& fault, const target::PathProbe& probe,
                                cli::Duration timeout) {
  Baseline how;
  how.times = 1;
  how.large = fault.only_slows() && fault.affects("upstream");
  Samples samples = take(probe, how, timeout);
  if (samples.ms.empty()) {
    return cli::fail(samples.last.why, "before any fault",
                     "the path must answer " + std::string(to_string(probe.protocol())) +
                         " at the proxy's listener");
  }
  how.times = 3;
  if (fault.only_slows()) {
    constexpr double kLongEffectMs = 500;
    how.times = effect_ms(fault, samples.last) > kLongEffectMs ? 5 : 7;
    how.requests = requests_for(fault, samples.last, probe.protocol());
  }
  samples = take(probe, how, timeout);
  if (samples.last.outcome != Outcome::kAnswered) {
    return cli::fail(samples.last.why, "before any fault",
                     "is something else disturbing the path?");
  }
  how.median_ms = quantile(samples.ms, 0.5);
  how.slowest_ms = samples.ms.back();
  if (!fault.only_slows()) return how;
  const double own = fault.kind == FaultKind::kBandwidth ? how.median_ms : 0;
  const double spread = quantile(samples.ms, 0.75) - how.median_ms;
  how.least_growth_ms = std::max(kMargin * (effect_ms(fault, samples.last) - own), spread);
  how.untellable = untellable(fault, samples.last, how);
  return how;
}

Sight look_for(const Fault& fault, const target::PathProbe& probe, const Baseline& before,
               cli::Duration timeout) {
  if (fault.only_slows()) return look_for_slower(fault, probe, before, timeout);
  constexpr double kLeastSilenceMs = 1000;
  constexpr double kSilences = 10;
  const auto after_ms = static_cast<double>(fault.after_ms);
  const cli::Duration patience =
      fault.kind == FaultKind::kTimeout
          ? to_duration(std::max(kLeastSilenceMs, kSilences * before.slowest_ms))
          : timeout + to_duration(after_ms);
  const Exchange met = probe.exchange(1, false, patience);
  const bool ended = met.outcome == Outcome::kReset || met.outcome == Outcome::kClosed;
  bool seen = false;
  if (fault.kind == FaultKind::kTimeout) {
    // A server that closes after each answer closes after one that was lost, too.
    const bool by_server =
        met.outcome == Outcome::kClosed && probe.protocol() == target::Protocol::kHttp;
    seen = met.outcome == Outcome::kSilent || by_server ||
           (ended && fault.after_ms > 0 && met.ms >= kMargin * after_ms);
  } else if (fault.kind == FaultKind::kReset) {
    seen = met.outcome == Outcome::kReset && met.ms >= kMargin * after_ms;
  } else {
    seen = met.outcome == Outcome::kRefused || ended;
  }
  return {seen, {}, described(met)};
}

Sight look_for_healed(const Fault& fault, const target::PathProbe& probe, const Baseline& before,
                      cli::Duration timeout) {
  const cli::Deadline deadline = cli::Clock::now() + timeout;
  while (true) {
    const Exchange met = probe.exchange(before.requests, before.large, timeout);
    const bool answered = met.outcome == Outcome::kAnswered;
    const bool soon = met.ms <= before.median_ms + before.least_growth_ms / 2;
    if (answered && (soon || !fault.only_slows())) return {true, met.ms, described(met)};
    if (cli::Clock::now() >= deadline) {
      return {false, answered ? std::optional(met.ms) : std::nullopt, described(met)};
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace ks::ops
