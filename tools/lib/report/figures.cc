#include "lib/report/figures.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ks::report {
namespace {

constexpr double kLeastMs = 5;  // timers and schedulers make as much

constexpr std::array<std::string_view, 8> kStatistics{"_p50",  "_p95", "_p99", "_p999",
                                                      "_mean", "_max", "_min", "_median"};

std::string_view without_statistic(std::string_view metric) {
  for (const std::string_view statistic : kStatistics) {
    if (!metric.ends_with(statistic)) continue;
    metric.remove_suffix(statistic.size());
    break;
  }
  return metric;
}

bool is_an_extreme(const std::string& metric, const Metrics& metrics) {
  for (const std::string_view end : {"_max", "_p999"}) {
    if (!metric.ends_with(end)) continue;
    return metrics.contains(metric.substr(0, metric.size() - end.size()) + "_p99");
  }
  return false;
}

}  // namespace

std::optional<Direction> direction_of(std::string_view metric) {
  const std::string_view name = without_statistic(metric);
  if (name.ends_with("_per_s")) return Direction{true, 0};
  if (name.ends_with("_ms")) return Direction{false, kLeastMs};
  if (name.ends_with("_s") || name.ends_with("_seconds")) return Direction{false, kLeastMs / 1000};
  return std::nullopt;
}

Figures figures_of(const RunFolder& folder) {
  Figures out;
  for (const Step& step : folder.steps) {
    const Result& result = step.result;
    for (const auto& [metric, value] : result.metrics) {
      if (!direction_of(metric) || is_an_extreme(metric, result.metrics)) continue;
      if (std::isfinite(value)) out[{result.check, result.client, result.step, metric}] = value;
    }
  }
  return out;
}

std::string to_string(const FigureKey& key) {
  return key.check + (key.client == "none" ? "" : " (" + key.client + ")") + " " + key.step + " " +
         key.metric;
}

}  // namespace ks::report
