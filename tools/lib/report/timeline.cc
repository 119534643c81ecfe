#include "lib/report/timeline.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>

namespace ks::report {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

// Seconds that people count in; beyond the last, its multiples.
constexpr std::array<std::int64_t, 12> kSteps{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600};

constexpr std::size_t kMostGauges = 16;  // each has a plot of its own

using Seconds = std::map<std::int64_t, Second>;  // by the whole second that each begins in

void worsen(std::optional<Latency>& worst, const std::optional<Latency>& other) {
  if (!other) return;
  if (!worst) worst = Latency{};
  worst->p50_ms = std::max(worst->p50_ms, other->p50_ms);
  worst->p95_ms = std::max(worst->p95_ms, other->p95_ms);
  worst->p99_ms = std::max(worst->p99_ms, other->p99_ms);
}

std::string lane_name(const Result& result) {
  return result.tool.starts_with("ks-") ? result.tool.substr(3) : result.tool;
}

std::map<std::string, Seconds> seconds_by_lane(const std::vector<const Step*>& steps) {
  std::map<std::string, Seconds> lanes;
  for (const Step* step : steps) {
    for (const Second& second : step->series.seconds) {
      const std::int64_t number = second.begin_ns / kSecondNs;
      const auto [at, is_new] = lanes[lane_name(step->result)].try_emplace(number, second);
      if (is_new) continue;
      at->second.records += second.records;
      at->second.errors += second.errors;
      worsen(at->second.latency, second.latency);
    }
  }
  return lanes;
}

void extend(Extent& extent, double value, bool is_first) {
  if (is_first || value < extent.least) {
    extent.least = value;
    extent.rises = false;
  }
  if (is_first || value > extent.most) {
    extent.most = value;
    extent.rises = !is_first;
  }
}

std::size_t place(const Timeline& axis, std::int64_t time_ns) {
  return static_cast<std::size_t>((time_ns - axis.begin_ns) / axis.bucket_ns);
}

Lane thinned(const std::string& name, const Seconds& seconds, const Timeline& axis) {
  Lane lane{name, {}};
  for (const auto& [number, second] : seconds) {
    const std::size_t at = place(axis, number * kSecondNs);
    const bool is_first = lane.buckets.empty() || lane.buckets.back().rate.at != at;
    if (is_first) lane.buckets.push_back({.rate = {.at = at}, .latency = std::nullopt});
    Bucket& bucket = lane.buckets.back();
    extend(bucket.rate, second.records, is_first);
    bucket.errors += second.errors;
    worsen(bucket.latency, second.latency);
  }
  return lane;
}

using Values = std::multimap<std::int64_t, double>;  // of a metric, by their times

std::map<std::string, Values> values_by_metric(const std::vector<const Step*>& steps) {
  std::map<std::string, Values> metrics;
  for (const Step* step : steps) {
    for (const Reading& reading : step->series.readings) {
      for (const auto& [name, value] : reading.metrics) metrics[name].emplace(reading.at_ns, value);
    }
  }
  return metrics;
}

Gauge thinned(const std::string& name, const Values& values, const Timeline& axis) {
  Gauge gauge{name, {}, {}};
  for (const auto& [time_ns, value] : values) {
    const std::size_t at = place(axis, time_ns);
    extend(gauge.whole, value, gauge.extents.empty());
    const bool is_first = gauge.extents.empty() || gauge.extents.back().at != at;
    if (is_first) gauge.extents.push_back({.at = at});
    extend(gauge.extents.back(), value, is_first);
  }
  return gauge;
}

// Every fault and partition once, as the last step that judged it tells.
void take_disturbances(const std::vector<const Step*>& steps, Timeline& out) {
  std::map<std::pair<std::int64_t, std::string>, Fault> faults;
  std::map<std::tuple<std::string, std::int64_t, bool, std::string>, Availability> partitions;
  for (const Step* step : steps) {
    for (const Fault& fault : step->disturbances.faults) {
      faults.insert_or_assign({fault.begun_ns, fault.name}, fault);
    }
    for (const Availability& a : step->disturbances.partitions) {
      const bool follows = a.operation != "produce";  // what is sent comes before what is read
      partitions.insert_or_assign({a.topic, a.partition, follows, a.operation}, a);
    }
  }
  for (auto& [key, fault] : faults) out.faults.push_back(std::move(fault));
  for (auto& [key, partition] : partitions) out.partitions.push_back(std::move(partition));
}

void take_problems(const std::vector<const Step*>& steps, Timeline& out) {
  const auto take = [&out](const char* what, const Result& result, const std::string& problem) {
    if (problem.empty()) return;
    std::string text = what;
    text += result.step.empty() ? result.check : result.step;
    out.problems.push_back(text += ": " + problem);
  };
  for (const Step* step : steps) {
    take("Incomplete is the series of ", step->result, step->series.problem);
    take("Incomplete are the faults of ", step->result, step->disturbances.problem);
  }
}

struct Span {
  std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ns = std::numeric_limits<std::int64_t>::min();

  void add(std::int64_t time_ns) {
    first_ns = std::min(first_ns, time_ns);
    last_ns = std::max(last_ns, time_ns);
  }
};

// What is on the axis has to fit it: traffic, the broker's figures, and faults with what became of
// them.
Span span_of(const std::map<std::string, Seconds>& lanes,
             const std::map<std::string, Values>& metrics, const Timeline& timeline) {
  Span span;
  for (const auto& [name, values] : metrics) {
    span.add(values.begin()->first);
    span.add(values.rbegin()->first + 1);
  }
  for (const auto& [name, seconds] : lanes) {
    span.add(seconds.begin()->first * kSecondNs);
    span.add((seconds.rbegin()->first + 1) * kSecondNs);
  }
  for (const Fault& fault : timeline.faults) {
    span.add(fault.begun_ns);
    span.add(fault.confirmed_ns.value_or(fault.begun_ns));
    span.add(fault.healed_ns.value_or(fault.begun_ns));
  }
  for (const Availability& partition : timeline.partitions) {
    for (const Recovery& recovery : partition.recoveries) {
      span.add(recovery.from_ns);
      span.add(recovery.to_ns);
    }
  }
  return span;
}

void set_axis(const Span& span, std::size_t most_buckets, Timeline& out) {
  const auto most = static_cast<std::int64_t>(std::max<std::size_t>(most_buckets, 1));
  const std::int64_t first = span.first_ns / kSecondNs;
  const std::int64_t seconds =
      std::max<std::int64_t>((span.last_ns + kSecondNs - 1) / kSecondNs - first, 1);
  const std::int64_t hour = kSteps.back();
  std::int64_t width = (seconds + most * hour - 1) / (most * hour) * hour;
  for (const std::int64_t step : kSteps) {
    if (step < width && step * most >= seconds) width = step;
  }
  out.begin_ns = first * kSecondNs;
  out.bucket_ns = width * kSecondNs;
  out.buckets = static_cast<std::size_t>((seconds + width - 1) / width);
}

}  // namespace

Timeline make_timeline(const std::vector<const Step*>& steps, std::size_t most_buckets) {
  Timeline out;
  take_disturbances(steps, out);
  take_problems(steps, out);
  const auto lanes = seconds_by_lane(steps);
  const auto metrics = values_by_metric(steps);
  if (lanes.empty() && metrics.empty() && out.faults.empty()) return out;
  set_axis(span_of(lanes, metrics, out), most_buckets, out);
  for (const auto& [name, seconds] : lanes) out.lanes.push_back(thinned(name, seconds, out));
  for (const auto& [name, values] : metrics) {
    if (out.gauges.size() < kMostGauges) out.gauges.push_back(thinned(name, values, out));
  }
  if (metrics.size() > kMostGauges) {
    out.problems.push_back("Not drawn are " + std::to_string(metrics.size() - kMostGauges) +
                           " more of the broker's figures.");
  }
  // What is sent comes before what is read of it.
  std::stable_partition(out.lanes.begin(), out.lanes.end(),
                        [](const Lane& lane) { return lane.name == "produce"; });
  return out;
}

std::vector<const Recovery*> worst_recoveries(const Timeline& timeline,
                                              const std::string& operation) {
  std::map<std::pair<std::int64_t, std::string>, const Recovery*> by_fault;
  for (const Availability& partition : timeline.partitions) {
    if (partition.operation != operation) continue;
    for (const Recovery& recovery : partition.recoveries) {
      const Recovery*& worst = by_fault[{recovery.confirmed_ns, recovery.fault}];
      const auto rank = [](const Recovery& r) { return std::pair(r.is_open, r.ms()); };
      if (worst == nullptr || rank(recovery) > rank(*worst)) worst = &recovery;
    }
  }
  std::vector<const Recovery*> out;
  for (const auto& [fault, recovery] : by_fault) out.push_back(recovery);
  return out;
}

}  // namespace ks::report
