#include "lib/report/figures.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ks::report {
namespace {

// What one hiccup of the machine makes: of what happened once, of the worst of several, and of a
// percentile of many.
constexpr double kLeastMsOfOne = 50;
constexpr double kLeastMsOfWorst = 250;
constexpr double kLeastMsOfMany = 10;
constexpr double kLeastSeconds = 1;
constexpr double kLeastRecords = 100;

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

double least_change_ms(std::string_view metric) {
  if (metric.ends_with("_max")) return kLeastMsOfWorst;
  return without_statistic(metric) == metric ? kLeastMsOfOne : kLeastMsOfMany;
}

bool has(const Metrics& metrics, const std::string& name) { return metrics.contains(name); }

// What a few records, or a moment, took is chance.
bool moved_enough(const Metrics& metrics) {
  const double records =
      std::max(metric_or_zero(metrics, "acked_records"), metric_or_zero(metrics, "read_records"));
  return records >= kLeastRecords && metric_or_zero(metrics, "elapsed_s") >= kLeastSeconds;
}

bool is_a_rate(std::string_view metric) { return without_statistic(metric).ends_with("_per_s"); }

// The same under another name, or a part of it.
bool is_told_otherwise(std::string_view metric, const Metrics& metrics) {
  if (metric.starts_with("kafka_")) return true;
  if (metric.starts_with("service_ms") || metric.starts_with("lag_ms")) {
    return has(metrics, "latency_ms_p50");
  }
  return metric == "elapsed_s" &&
         std::ranges::any_of(metrics, [](const auto& entry) { return is_a_rate(entry.first); });
}

bool is_compared(const std::string& metric, const Metrics& metrics) {
  if (!direction_of(metric) || is_told_otherwise(metric, metrics)) return false;
  const std::string stem(without_statistic(metric));
  const bool is_of_records = has(metrics, stem + "_p50") && has(metrics, stem + "_p99");
  if (is_of_records && metric != stem + "_p50" && metric != stem + "_p99") return false;
  return moved_enough(metrics) || !(is_of_records || is_a_rate(metric));
}

}  // namespace

std::optional<Direction> direction_of(std::string_view metric) {
  const std::string_view name = without_statistic(metric);
  if (name.ends_with("_per_s")) return Direction{true, 0};
  const double least_ms = least_change_ms(metric);
  if (name.ends_with("_ms")) return Direction{false, least_ms};
  if (name.ends_with("_s") || name.ends_with("_seconds")) return Direction{false, least_ms / 1000};
  return std::nullopt;
}

Figures figures_of(const RunFolder& folder) {
  Figures out;
  for (const Step& step : folder.steps) {
    const Result& result = step.result;
    for (const auto& [metric, value] : result.metrics) {
      if (!is_compared(metric, result.metrics)) continue;
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
