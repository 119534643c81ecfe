#include "lib/report/latency_svg.h"

#include <algorithm>
#include <cmath>

#include "lib/report/chart.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr double kLeft = 400;  // of the plot; left of it are the names
constexpr double kRight = 985;
constexpr double kWidth = 1000;
constexpr double kRow = 22;
constexpr double kBar = 10;
constexpr double kAxis = 22;
constexpr double kLeastMs = 0.01;  // shorter ones stand at the axis' begin

// From one power of ten to another, so that its ticks are round.
Scale scale_of(const std::vector<Distribution>& distributions) {
  double low = 1e9, high = kLeastMs;
  for (const Distribution& d : distributions) {
    low = std::min(low, d.p50_ms);
    high = std::max({high, d.p99_ms, d.max_ms});
  }
  const double least = std::floor(std::log10(std::clamp(low, kLeastMs, 1e8)));
  const double most = std::ceil(std::log10(std::clamp(high, kLeastMs, 1e9)));
  return {std::pow(10, least), std::pow(10, std::max(most, least + 1)), true};
}

std::string tick_text(double ms) {
  if (ms < 1000) return short_number(ms) + " ms";
  return short_number(ms / 1000) + " s";
}

class LatencyChart {
 public:
  explicit LatencyChart(const std::vector<Distribution>& distributions)
      : distributions_(distributions), scale_(scale_of(distributions)) {}

  std::string draw(const std::string& labelled_by) {
    const double bottom = kRow * static_cast<double>(distributions_.size());
    const auto decades = std::lround(std::log10(scale_.high / scale_.low));
    for (long i = 0; i <= decades; ++i) {
      const double ms = scale_.low * std::pow(10, i);
      svg_.line(x(ms), 0, x(ms), bottom, "grid");
      svg_.text(x(ms), bottom + kAxis - 6, i < decades ? "middle" : "end", tick_text(ms));
    }
    double y = 0;
    for (const Distribution& d : distributions_) {
      row(d, y);
      y += kRow;
    }
    return svg_.finish(kWidth, bottom + kAxis, labelled_by);
  }

 private:
  double x(double ms) const {
    return kLeft + (kRight - kLeft) * scale_.share(std::max(ms, scale_.low));
  }

  void row(const Distribution& d, double y) {
    const double middle = y + kRow / 2;
    svg_.text(kLeft - 10, middle + 4, "end", fitting(d.name, kLeft - 50));
    svg_.rect(x(d.p50_ms), middle - kBar / 2, std::max(x(d.p95_ms) - x(d.p50_ms), 2.0), kBar,
              "spread");
    svg_.line(x(d.p95_ms), middle, x(d.p99_ms), middle, "tail");
    svg_.line(x(d.p99_ms), middle - kBar / 2, x(d.p99_ms), middle + kBar / 2, "tail");
    svg_.rect(x(d.max_ms) - 2, middle - 2, 4, 4, "most");
    svg_.rect(0, y, kWidth, kRow, "hover",
              d.name + ": p50 " + short_number(d.p50_ms) + ", p95 " + short_number(d.p95_ms) +
                  ", p99 " + short_number(d.p99_ms) + ", maximum " + short_number(d.max_ms) +
                  " ms");
  }

  const std::vector<Distribution>& distributions_;
  Scale scale_;
  Svg svg_;
};

}  // namespace

std::string latency_svg(const std::vector<Distribution>& distributions,
                        const std::string& labelled_by) {
  return distributions.empty() ? "" : LatencyChart(distributions).draw(labelled_by);
}

}  // namespace ks::report
