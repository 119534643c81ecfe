#include "lib/report/timeline_svg.h"

#include <algorithm>
#include <cmath>

#include "lib/report/chart.h"
#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr double kRateHeight = 120;
constexpr double kErrorsHeight = 30;
constexpr double kLatencyHeight = 90;
constexpr double kGaugeHeight = 40;
constexpr double kRow = 20;  // of recoveries
constexpr double kBar = 10;

std::string lane_class(std::size_t lane) { return "lane-" + std::to_string(lane % 3); }

// A few seconds that are many times faster than the rest (reading everything back) would make the
// rest flat: they are cut, and marked.
Scale rate_scale(const Timeline& timeline) {
  std::vector<double> rates;
  for (const Lane& lane : timeline.lanes) {
    for (const Bucket& bucket : lane.buckets) {
      if (bucket.rate.most > 0) rates.push_back(bucket.rate.most);
    }
  }
  if (rates.empty()) return {};
  std::ranges::sort(rates);
  const double usual = rates[(rates.size() - 1) * 9 / 10];
  return {0, nice_above(rates.back() > 3 * usual ? usual : rates.back()), false};
}

Scale latency_scale(const std::vector<Bucket>& buckets) {
  double low_ms = 1e9, high_ms = 0;
  for (const Bucket& bucket : buckets) {
    if (!bucket.latency) continue;
    low_ms = std::min(low_ms, bucket.latency->p50_ms);
    high_ms = std::max(high_ms, bucket.latency->p99_ms);
  }
  const auto exponent = [](double ms) { return std::log10(std::clamp(ms, 0.001, 1e9)); };
  const double low = std::pow(10, std::floor(exponent(low_ms)));
  const double high = std::pow(10, std::ceil(exponent(high_ms)));
  return {low, std::max(high, low * 10), true};
}

void draw_rate(Chart& chart, const Lane& lane, std::size_t number, const Scale& scale) {
  std::vector<Extent> rates;
  std::string cuts;
  for (const Bucket& bucket : lane.buckets) {
    rates.push_back(bucket.rate);
    if (bucket.rate.most <= scale.high) continue;
    cuts += "M" + coordinate(chart.x(bucket.rate.at, 0.5) - 4) + " " + coordinate(chart.y() + 7) +
            "l4 -7l4 7z";
  }
  chart.svg().begin_group(lane_class(number));
  chart.svg().path(curve(chart.through(rates), scale, chart.y(), kRateHeight), "curve rate");
  if (!cuts.empty()) chart.svg().path(cuts, "cut");
  chart.svg().end_group();
}

void draw_rates(Chart& chart, const Timeline& timeline) {
  if (timeline.lanes.empty()) return;
  const Scale scale = rate_scale(timeline);
  chart.title("Records per second");
  double highest = 0;
  for (std::size_t i = 0; i < timeline.lanes.size(); ++i) {
    const Lane& lane = timeline.lanes[i];
    chart.legend(lane.name, lane_class(i), "curve rate");
    for (const Bucket& bucket : lane.buckets) highest = std::max(highest, bucket.rate.most);
  }
  if (highest > scale.high) chart.remark("▲ cut, up to " + format_number(highest));
  chart.grid(scale, kRateHeight, std::vector{0.0, scale.high / 2, scale.high});
  for (std::size_t i = 0; i < timeline.lanes.size(); ++i) {
    draw_rate(chart, timeline.lanes[i], i, scale);
  }
  chart.advance(kRateHeight + Chart::kGap);
}

void draw_errors(Chart& chart, const Timeline& timeline) {
  if (timeline.lanes.empty()) return;
  std::map<std::size_t, double> per_second;
  double most = 0;
  for (const Lane& lane : timeline.lanes) {
    for (const Bucket& bucket : lane.buckets) {
      double& errors = per_second[bucket.rate.at];
      errors += bucket.errors * 1e9 / static_cast<double>(timeline.bucket_ns);
      most = std::max(most, errors);
    }
  }
  chart.title(most == 0 ? "Errors per second: none" : "Errors per second");
  if (most == 0) return;
  const Scale scale{0, nice_above(most), false};
  chart.grid(scale, kErrorsHeight, std::vector{0.0, scale.high});
  for (const auto& [at, errors] : per_second) {
    if (errors == 0) continue;
    const double from = chart.x(at, 0);
    const double width = std::max(chart.x(at, 1) - from, 2.0);
    const double height = std::max(kErrorsHeight * scale.share(errors), 3.0);
    chart.svg().rect(from, chart.y() + kErrorsHeight - height, width, height, "errors");
  }
  chart.advance(kErrorsHeight + Chart::kGap);
}

void draw_latencies(Chart& chart, const Lane& lane, std::size_t number) {
  std::vector<Bucket> measured;
  std::ranges::copy_if(lane.buckets, std::back_inserter(measured),
                       [](const Bucket& bucket) { return bucket.latency.has_value(); });
  if (measured.empty()) return;
  const Scale scale = latency_scale(measured);
  chart.title(fitting("Latency of " + lane.name, 200) + ", ms");
  std::vector<double> decades;
  // NOLINTNEXTLINE(bugprone-float-loop-counter): the bound is far from each of the powers
  for (double ms = scale.low; ms < scale.high * 2; ms *= 10) decades.push_back(ms);
  chart.grid(scale, kLatencyHeight, decades);
  struct Percentile {
    std::string name;
    double Latency::*ms;
  };
  for (const auto& [name, ms] :
       {Percentile{"p50", &Latency::p50_ms}, Percentile{"p95", &Latency::p95_ms},
        Percentile{"p99", &Latency::p99_ms}}) {
    chart.legend(name, lane_class(number), "curve " + name);
    std::vector<Point> points;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      const bool follows = i > 0 && measured[i - 1].rate.at + 1 == measured[i].rate.at;
      points.push_back({chart.x(measured[i].rate.at, 0.5), (*measured[i].latency).*ms, follows});
    }
    chart.svg().begin_group(lane_class(number));
    chart.svg().path(curve(points, scale, chart.y(), kLatencyHeight), "curve " + name);
    chart.svg().end_group();
  }
  chart.advance(kLatencyHeight + Chart::kGap);
}

// What the broker says of itself, each on a scale of its own.
void draw_gauges(Chart& chart, const Timeline& timeline) {
  for (const Gauge& gauge : timeline.gauges) {
    if (gauge.is_constant()) continue;
    const double least = gauge.whole.least, most = gauge.whole.most;
    const Scale scale{least < 0 ? -nice_above(-least) : 0, most > 0 ? nice_above(most) : 0, false};
    chart.title(fitting(gauge.name, 600));
    chart.grid(scale, kGaugeHeight, std::vector{scale.low, scale.high});
    // Read once a second, not once in each second: one bucket may be left out.
    chart.svg().path(curve(chart.through(gauge.extents, 2), scale, chart.y(), kGaugeHeight),
                     "curve gauge");
    chart.advance(kGaugeHeight + Chart::kGap);
  }
}

// A row of them, in the order of time. The length of each stands behind it, or before it, where
// there is room between its neighbours.
void draw_recovery_row(Chart& chart, const std::vector<const Recovery*>& recoveries) {
  double free_from = Chart::kLeft;
  for (std::size_t i = 0; i < recoveries.size(); ++i) {
    const Recovery& recovery = *recoveries[i];
    const double from = chart.x(recovery.from_ns);
    const double to = std::max(chart.x(recovery.to_ns), from + 2);
    const double free_to =
        i + 1 < recoveries.size() ? chart.x(recoveries[i + 1]->from_ns) : Chart::kRight;
    const std::string length = recovery_text(recovery);
    const double width = width_of(length);
    const bool fits_behind = to + 4 + width <= free_to;
    const bool fits_before = free_from + width + 4 <= from;
    chart.svg().rect(from, chart.y() + 2, to - from, kBar,
                     recovery.is_open ? "recovery open" : "recovery",
                     recovery.fault + ": " + length);
    if (fits_behind || fits_before) {
      chart.svg().text(fits_behind ? to + 4 : from - 4 - width, chart.y() + 11,
                       recovery.is_open ? "open" : "", length);
    }
    free_from = fits_behind ? to + 4 + width + Chart::kGap : to + Chart::kGap;
  }
  chart.advance(kRow);
}

void draw_recoveries(Chart& chart, const Timeline& timeline) {
  bool has_title = false;
  for (const char* operation : {"produce", "consume"}) {
    const auto worst = worst_recoveries(timeline, operation);
    if (worst.empty()) continue;
    if (!has_title) {
      chart.title(
          "Recovery of the slowest partition: last success before a fault to the first of ten "
          "after");
    }
    has_title = true;
    chart.row_name(operation);
    draw_recovery_row(chart, worst);
  }
}

void draw_partition(Chart& chart, const Availability& partition) {
  const std::string name =
      partition.topic + "[" + std::to_string(partition.partition) + "] " + partition.operation;
  chart.title(name);
  if (partition.gap_from_ns) {
    const double from = chart.x(*partition.gap_from_ns);
    const double to =
        chart.x(*partition.gap_from_ns + static_cast<std::int64_t>(partition.gap_ms * 1e6));
    chart.svg().rect(from, chart.y() + 4, std::max(to - from, 2.0), kBar - 4, "gap",
                     "longest time without a success: " + short_number(partition.gap_ms) + " ms");
  }
  std::vector<const Recovery*> recoveries;
  for (const Recovery& recovery : partition.recoveries) recoveries.push_back(&recovery);
  draw_recovery_row(chart, recoveries);
}

}  // namespace

std::string timeline_svg(const Timeline& timeline, const std::string& labelled_by) {
  Chart chart(timeline);
  draw_rates(chart, timeline);
  draw_errors(chart, timeline);
  for (std::size_t i = 0; i < timeline.lanes.size(); ++i) {
    draw_latencies(chart, timeline.lanes[i], i);
  }
  draw_gauges(chart, timeline);
  chart.hover();
  draw_recoveries(chart, timeline);
  return chart.finish(labelled_by);
}

std::string partitions_svg(const Timeline& timeline,
                           const std::vector<const Availability*>& partitions,
                           const std::string& labelled_by) {
  Chart chart(timeline);
  for (const Availability* partition : partitions) draw_partition(chart, *partition);
  return chart.finish(labelled_by);
}

}  // namespace ks::report
