#include "lib/scenario/merged_step.h"

#include <algorithm>

namespace ks::scenario {
namespace {

using report::metric_or_zero;
using report::Metrics;
using report::Result;

constexpr const char* kWriteSeconds = "kafka_writer_write_seconds";

// A statistic of a distribution: only a histogram can tell it of several together.
bool is_statistic(const std::string& name) {
  return std::ranges::any_of(std::array{"_mean", "_p50", "_p95", "_p99", "_p999"},
                             [&](const char* suffix) { return name.ends_with(suffix); });
}

// Times run beside each other: of all together the longest counts.
bool is_highest(const std::string& name) {
  return std::ranges::any_of(std::array{"_max", "_ms", "_s", "_per_record"},
                             [&](const char* suffix) { return name.ends_with(suffix); }) &&
         !name.ends_with("_per_s");
}

// What is computed anew from the sums.
bool is_derived(const std::string& name) {
  return is_statistic(name) || name.ends_with("_rate") || name.ends_with("_per_s") ||
         name == kWriteSeconds;
}

void add_new_findings(std::vector<report::Finding>& from, std::vector<report::Finding>& to) {
  for (report::Finding& finding : from) {
    const bool is_known = std::ranges::any_of(
        to, [&](const report::Finding& other) { return other.id == finding.id; });
    if (!is_known) to.push_back(std::move(finding));
  }
}

std::int64_t end_of(const Result& result) {
  return result.started_at_ns + static_cast<std::int64_t>(result.duration_ms * 1e6);
}

}  // namespace

void MergedStep::add(Result result, const std::string& series, const std::string& who,
                     std::int64_t offset_ns) {
  result.started_at_ns -= offset_ns;
  if (!result.reason.empty()) result.reason = who + ": " + result.reason;
  series_.add(series, offset_ns);
  ended_ns_ = std::max(ended_ns_, end_of(result));
  report::merge_histograms(result, histograms_);
  if (count_++ == 0) {
    write_seconds_ = metric_or_zero(result.metrics, kWriteSeconds) *
                     metric_or_zero(result.metrics, "acked_records");
    out_ = std::move(result);
    return;
  }
  add_metrics(result);
  out_.started_at_ns = std::min(out_.started_at_ns, result.started_at_ns);
  add_new_findings(result.findings, out_.findings);
  if (out_.broker.build.empty()) out_.broker = result.broker;
  out_.lower_to(result.status, result.reason);
}

void MergedStep::add_metrics(const Result& result) {
  for (const auto& [name, value] : result.metrics) {
    if (is_derived(name)) continue;
    double& all = out_.metrics[name];
    all = is_highest(name) ? std::max(all, value) : all + value;
  }
  write_seconds_ += metric_or_zero(result.metrics, kWriteSeconds) *
                    metric_or_zero(result.metrics, "acked_records");
}

void MergedStep::finish_metrics() {
  Metrics& all = out_.metrics;
  std::erase_if(all, [](const auto& entry) { return is_derived(entry.first); });
  const auto rate = [&](const char* records, const char* name) {
    const double seconds = metric_or_zero(all, "elapsed_s");
    if (all.contains(records)) all[name] = seconds > 0 ? metric_or_zero(all, records) / seconds : 0;
  };
  rate("acked_records", "acked_per_s");
  rate("read_records", "read_per_s");
  if (all.contains("errors")) {
    const double errors = metric_or_zero(all, "errors");
    const double attempts = all.contains("attempted_records")
                                ? metric_or_zero(all, "attempted_records")
                                : metric_or_zero(all, "read_records") + errors;
    all["error_rate"] = attempts > 0 ? errors / attempts : 0;
  }
  if (const double acked = metric_or_zero(all, "acked_records"); all.contains("acked_records")) {
    all[kWriteSeconds] = acked > 0 ? write_seconds_ / acked : 0;
  }
}

Result MergedStep::take(const std::string& step, std::string& lines) {
  lines = series_.lines();
  out_.step = step;
  out_.series.clear();
  out_.artifacts.clear();
  if (count_ < 2) return std::move(out_);
  finish_metrics();
  report::put_histograms(histograms_, out_);
  out_.duration_ms = static_cast<double>(ended_ns_ - out_.started_at_ns) / 1e6;
  for (report::Threshold& threshold : out_.thresholds) {
    const auto found = out_.metrics.find(threshold.metric);
    threshold.observed.reset();
    if (found != out_.metrics.end()) threshold.observed = found->second;
    threshold.ok =
        threshold.observed &&
        report::holds({threshold.metric, threshold.op, threshold.limit}, *threshold.observed);
  }
  return std::move(out_);
}

}  // namespace ks::scenario
