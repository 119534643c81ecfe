#include "lib/report/timeline_text.h"

#include <algorithm>
#include <cmath>

#include "lib/cli/clock.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

constexpr std::int64_t kDayNs = 86'400'000'000'000;

const Bucket* bucket_of(const Lane& lane, std::size_t at) {
  const auto found =
      std::ranges::lower_bound(lane.buckets, at, {}, [](const Bucket& b) { return b.rate.at; });
  return found != lane.buckets.end() && found->rate.at == at ? &*found : nullptr;
}

std::string lane_text(const Lane& lane, const Bucket& bucket) {
  std::string out =
      lane.name + " " + range_text(bucket.rate) + "/s, " + format_number(bucket.errors) + " errors";
  if (!bucket.latency) return out;
  return out + ", p50 " + short_number(bucket.latency->p50_ms) + ", p95 " +
         short_number(bucket.latency->p95_ms) + ", p99 " + short_number(bucket.latency->p99_ms) +
         " ms";
}

std::string lane_summary(const Lane& lane) {
  Extent rate = lane.buckets.front().rate;
  double errors = 0;
  std::optional<double> p99_ms;
  for (const Bucket& bucket : lane.buckets) {
    rate.least = std::min(rate.least, bucket.rate.least);
    rate.most = std::max(rate.most, bucket.rate.most);
    errors += bucket.errors;
    if (bucket.latency) p99_ms = std::max(p99_ms.value_or(0), bucket.latency->p99_ms);
  }
  std::string out = " " + lane.name + ": " + range_text(rate) + " records a second, " +
                    format_number(errors) + " errors";
  if (p99_ms) out += ", worst p99 " + short_number(*p99_ms) + " ms";
  return out + ".";
}

// Those that never change stand in the summary alone.
const Extent* shown_extent(const Gauge& gauge, std::size_t at) {
  if (gauge.is_constant()) return nullptr;
  const auto found = std::ranges::lower_bound(gauge.extents, at, {}, &Extent::at);
  return found != gauge.extents.end() && found->at == at ? &*found : nullptr;
}

std::string gauge_summary(const Gauge& gauge) {
  return " " + gauge.name + ": " + range_text(gauge.whole) +
         (gauge.is_constant() ? " throughout." : ".");
}

std::string recoveries_summary(const Timeline& timeline, const std::string& operation) {
  std::size_t open = 0;
  std::optional<double> longest_ms;
  for (const Recovery* recovery : worst_recoveries(timeline, operation)) {
    if (recovery->is_open) {
      ++open;
    } else {
      longest_ms = std::max(longest_ms.value_or(0), recovery->ms());
    }
  }
  std::string out;
  if (longest_ms)
    out += " " + operation + " recovered within " + short_number(*longest_ms) + " ms.";
  if (open > 0) {
    out += " " + operation + " did not recover from " + std::to_string(open) +
           (open == 1 ? " fault." : " faults.");
  }
  return out;
}

}  // namespace

std::string clock_text(const Timeline& timeline, std::int64_t wall_ns) {
  const bool several_days = timeline.begin_ns / kDayNs != (timeline.end_ns() - 1) / kDayNs;
  std::string out = cli::format_rfc3339(wall_ns).substr(5, 14);  // 01-31T12:00:05
  if (!several_days) return out.substr(6);
  out[5] = ' ';
  return out;
}

std::string fault_text(const Timeline& timeline, const Fault& fault) {
  const auto told = [&](const char* what, std::optional<std::int64_t> time_ns, const char* never) {
    return ", " + (time_ns ? what + clock_text(timeline, *time_ns) : std::string(never));
  };
  return fault.name + told("begun ", fault.begun_ns, "") +
         told("confirmed ", fault.confirmed_ns, "not confirmed") +
         told("healed ", fault.healed_ns, "never healed");
}

std::string short_number(double value) {
  const double size = std::abs(value);
  const double unit = size >= 100 ? 1 : (size >= 10 ? 0.1 : (size >= 1 ? 0.01 : 0.001));
  return format_number(std::round(value / unit) * unit);
}

std::string bucket_length(const Timeline& timeline) {
  const std::int64_t seconds = timeline.bucket_ns / 1'000'000'000;
  return seconds < 60 ? std::to_string(seconds) + " s" : std::to_string(seconds / 60) + " min";
}

std::string recovery_text(const Recovery& recovery) {
  const std::string ms = short_number(recovery.ms()) + " ms";
  return recovery.is_open ? "not recovered after " + ms : ms;
}

std::string range_text(const Extent& extent) {
  if (extent.least == extent.most) return short_number(extent.most);
  return short_number(extent.least) + " to " + short_number(extent.most);
}

std::string bucket_text(const Timeline& timeline, std::size_t at) {
  std::string out;
  for (const Lane& lane : timeline.lanes) {
    if (const Bucket* bucket = bucket_of(lane, at)) out += "\n" + lane_text(lane, *bucket);
  }
  for (const Gauge& gauge : timeline.gauges) {
    if (const Extent* extent = shown_extent(gauge, at)) {
      out += "\n" + gauge.name + " " + range_text(*extent);
    }
  }
  if (out.empty()) return out;
  const std::int64_t from_ns =
      timeline.begin_ns + static_cast<std::int64_t>(at) * timeline.bucket_ns;
  const std::int64_t to_ns = from_ns + timeline.bucket_ns;
  for (const Fault& fault : timeline.faults) {
    const bool is_under_way = fault.begun_ns < to_ns && fault.healed_ns.value_or(to_ns) >= from_ns;
    if (is_under_way) out += "\n" + fault.name;
  }
  return clock_text(timeline, from_ns) + out;
}

std::string summary_text(const Timeline& timeline) {
  std::string out = "From " + clock_text(timeline, timeline.begin_ns) + " to " +
                    clock_text(timeline, timeline.end_ns()) + " UTC, a point each " +
                    bucket_length(timeline) + ".";
  for (const Lane& lane : timeline.lanes) out += lane_summary(lane);
  for (const Gauge& gauge : timeline.gauges) out += gauge_summary(gauge);
  const std::size_t faults = timeline.faults.size();
  if (faults > 0) out += " " + std::to_string(faults) + (faults == 1 ? " fault." : " faults.");
  return out + recoveries_summary(timeline, "produce") + recoveries_summary(timeline, "consume");
}

}  // namespace ks::report
