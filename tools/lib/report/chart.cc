#include "lib/report/chart.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr double kWidth = 1000;
constexpr double kLine = 18;        // of text
constexpr double kCharacter = 6.6;  // about as wide
constexpr std::size_t kMostFaultLines = 3;
constexpr std::int64_t kMostTicks = 9;
constexpr std::int64_t kSecondNs = 1'000'000'000;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// Seconds between two ticks, as people divide time.
std::int64_t tick_seconds(std::int64_t seconds) {
  constexpr std::array<std::int64_t, 18> kTicks{
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400};
  for (const std::int64_t tick : kTicks) {
    if (seconds / tick <= kMostTicks) return tick;
  }
  return (seconds / kTicks.back() / kMostTicks + 1) * kTicks.back();
}

}  // namespace

double Scale::share(double value) const {
  const double inside = std::clamp(value, low, high);
  if (is_log) return std::log(inside / low) / std::log(high / low);
  return (inside - low) / (high - low);
}

double nice_above(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= value) return factor * power;
  }
  return 10 * power;
}

std::string curve(const std::vector<Point>& points, const Scale& scale, double y, double height) {
  std::string out;
  for (const Point& point : points) {
    out += (point.follows ? "L" : "M") + coordinate(point.x) + " " +
           coordinate(y + height * (1 - scale.share(point.value)));
    if (!point.follows) out += "h0";  // a dot, should no other follow
  }
  return out;
}

double width_of(std::string_view text) {
  return static_cast<double>(std::ranges::count_if(text, begins_character)) * kCharacter;
}

std::string fitting(std::string_view text, double width) {
  std::string out = one_line(text);
  if (width_of(out) <= width) return out;
  double used = kCharacter;
  const auto end = std::ranges::find_if(
      out, [&](char c) { return begins_character(c) && (used += kCharacter) > width; });
  out.erase(end, out.end());
  return out + "…";
}

Chart::Chart(const Timeline& timeline) : timeline_(timeline) {
  name_faults();
  plots_y_ = y_;
}

double Chart::x(std::int64_t time_ns) const {
  const double share = static_cast<double>(time_ns - timeline_.begin_ns) /
                       static_cast<double>(timeline_.end_ns() - timeline_.begin_ns);
  return kLeft + std::clamp(share, 0.0, 1.0) * (kRight - kLeft);
}

double Chart::x(std::size_t bucket, double share) const {
  const double width = (kRight - kLeft) / static_cast<double>(timeline_.buckets);
  return kLeft + (static_cast<double>(bucket) + share) * width;
}

std::vector<Point> Chart::through(std::span<const Extent> extents, std::size_t most_apart) const {
  std::vector<Point> points;
  std::optional<std::size_t> before;
  for (const Extent& extent : extents) {
    const bool follows = before && extent.at - *before <= most_apart;
    before = extent.at;
    const double first = extent.rises ? extent.least : extent.most;
    const double second = extent.rises ? extent.most : extent.least;
    if (first == second) {
      points.push_back({x(extent.at, 0.5), first, follows});
    } else {
      points.push_back({x(extent.at, 0.25), first, follows});
      points.push_back({x(extent.at, 0.75), second, true});
    }
  }
  return points;
}

// Names that would overlap stand in lines of their own, as far as there are lines; every one is
// among the texts of its buckets, and in the table.
void Chart::name_faults() {
  std::array<double, kMostFaultLines> used{};
  std::size_t lines = 0;
  for (const Fault& fault : timeline_.faults) {
    const std::string mark = fault.confirmed_ns ? "" : " (not confirmed)";
    const std::string name = fitting(fault.name, 300) + mark;
    const double start = x(fault.confirmed_ns.value_or(fault.begun_ns));
    const double from = std::max(std::min(start, kRight - width_of(name)), kLeft);
    std::size_t line = 0;
    while (line < used.size() && used[line] > from) ++line;
    if (line == used.size()) continue;
    svg_.text(from, y_ + static_cast<double>(line) * kLine + 12, "fault-name", name);
    used[line] = from + width_of(name) + kGap;
    lines = std::max(lines, line + 1);
  }
  advance(static_cast<double>(lines) * kLine);
}

void Chart::title(std::string_view text) {
  svg_.text(kLeft, y_ + 13, "plot-title", text);
  legend_x_ = kLeft + width_of(text) + 3 * kGap;
  advance(kLine);
}

void Chart::legend(std::string_view name, std::string_view lane, std::string_view curve) {
  const std::string shown = fitting(name, 160);
  svg_.begin_group(lane);
  svg_.path("M" + coordinate(legend_x_) + " " + coordinate(y_ - kLine / 2) + "h24", curve);
  svg_.end_group();
  svg_.text(legend_x_ + 30, y_ - 5, "", shown);
  legend_x_ += 30 + width_of(shown) + 2 * kGap;
}

void Chart::remark(std::string_view text) { svg_.text(kRight, y_ - 5, "end", text); }

void Chart::grid(const Scale& scale, double height, std::span<const double> values) {
  for (const double value : values) {
    const double at = y_ + height * (1 - scale.share(value));
    svg_.line(kLeft, at, kRight, at, "grid");
    svg_.text(kLeft - 6, at + 4, "end", format_number(value));
  }
}

void Chart::row_name(std::string_view text) {
  svg_.text(kLeft - 6, y_ + 11, "end", fitting(text, kLeft - kGap));
}

void Chart::hover() {
  for (std::size_t at = 0; at < timeline_.buckets; ++at) {
    const std::string text = bucket_text(timeline_, at);
    if (text.empty()) continue;
    const double from = x(at, 0);
    svg_.rect(from, plots_y_, x(at, 1) - from, y_ - plots_y_, "hover", text);
  }
}

void Chart::shade_faults(Svg& out) const {
  for (const Fault& fault : timeline_.faults) {
    const double from = x(fault.confirmed_ns.value_or(fault.begun_ns));
    const double to = x(fault.healed_ns.value_or(timeline_.end_ns()));
    std::string css = "fault";
    if (!fault.confirmed_ns) css += " unconfirmed";
    if (!fault.healed_ns) css += " unhealed";
    out.rect(from, 2, std::max(to - from, 2.0), y_ - 2, css, fault_text(timeline_, fault));
  }
}

void Chart::draw_axis(Svg& out) const {
  out.line(kLeft, y_, kRight, y_, "axis");
  const std::int64_t tick =
      tick_seconds((timeline_.end_ns() - timeline_.begin_ns) / kSecondNs) * kSecondNs;
  const std::int64_t first = (timeline_.begin_ns + tick - 1) / tick * tick;
  for (std::int64_t time_ns = first; time_ns <= timeline_.end_ns(); time_ns += tick) {
    out.line(x(time_ns), y_, x(time_ns), y_ + 5, "axis");
    const std::string time = clock_text(timeline_, time_ns);
    out.text(std::min(x(time_ns), kWidth - width_of(time) / 2), y_ + 18, "middle", time);
  }
}

std::string Chart::finish(std::string_view labelled_by) {
  Svg whole;
  shade_faults(whole);
  draw_axis(whole);
  whole.append(svg_);
  return whole.finish(kWidth, y_ + 26, labelled_by);
}

}  // namespace ks::report
