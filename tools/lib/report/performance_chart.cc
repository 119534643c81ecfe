#include "lib/report/performance_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>

#include "lib/report/blocks.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr std::size_t kMostColumns = 60;
constexpr std::size_t kFewestSeconds = 3;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr double kMega = 1e6;

// Of the seconds [begin, end) of a line.
double column_of(const ChartLine& line, std::size_t begin, std::size_t end) {
  double sum = 0, count = 0, most = kNothing;
  for (std::size_t i = begin; i < std::min(end, line.values.size()); ++i) {
    if (std::isnan(line.values[i])) continue;
    sum += line.values[i];
    ++count;
    most = std::isnan(most) ? line.values[i] : std::max(most, line.values[i]);
  }
  if (count == 0) return kNothing;
  return line.is_worst ? most : sum / count;
}

// What was not measured is a hole; of what is nothing throughout the lowest is shown.
std::string_view column_text(double value, double highest) {
  if (std::isnan(value)) return " ";
  return highest <= 0 ? block_of(0, 1) : block_of(value, highest);
}

double reading_of(const Reading& reading, const char* name, double unit) {
  const auto found = reading.metrics.find(name);
  return found == reading.metrics.end() ? kNothing : found->second / unit;
}

}  // namespace

std::string text_chart(const std::vector<ChartLine>& lines) {
  std::size_t seconds = 0, width = 0;
  for (const ChartLine& line : lines) {
    seconds = std::max(seconds, line.values.size());
    width = std::max(width, line.name.size());
  }
  if (seconds < kFewestSeconds) return {};
  const std::size_t step = (seconds + kMostColumns - 1) / kMostColumns;
  std::string out;
  for (const ChartLine& line : lines) {
    std::vector<double> columns;
    for (std::size_t at = 0; at < seconds; at += step) {
      columns.push_back(column_of(line, at, at + step));
    }
    double least = kNothing, most = kNothing;
    for (const double value : columns) {
      if (std::isnan(value)) continue;
      least = std::isnan(least) ? value : std::min(least, value);
      most = std::isnan(most) ? value : std::max(most, value);
    }
    if (std::isnan(most)) continue;
    out += padded(line.name, width) + "  ";
    for (const double value : columns) out += column_text(value, most);
    const std::string low = short_number(least), high = short_number(most);
    out += "  ";
    if (low != high) out.append(low).append(" to ");
    out += high + "\n";
  }
  return out + padded("", width) + "  a column is " +
         (step == 1 ? "a second" : std::to_string(step) + " seconds") + ", " +
         std::to_string(seconds) + " in all\n";
}

std::vector<ChartLine> chart_lines(const WorkloadRun& run) {
  ChartLine records{"acknowledged/s", {}}, p50{"latency p50 ms", {}},
      p95{"latency p95 ms", {}, true};
  // The last second of a run is rarely whole.
  const std::size_t whole = run.produced.size() - (run.produced.size() > kFewestSeconds ? 1 : 0);
  for (const Second& second : std::span(run.produced).first(whole)) {
    records.values.push_back(second.records);
    p50.values.push_back(second.latency ? second.latency->p50_ms : kNothing);
    p95.values.push_back(second.latency ? second.latency->p95_ms : kNothing);
  }
  ChartLine cpu{"broker CPU cores", {}}, memory{"broker memory MB", {}, true},
      disk{"disk written MB/s", {}}, all{"machine CPU cores", {}};
  // What the brokers used before the first record is none of the run's.
  const std::int64_t begin = run.produced.empty() ? 0 : run.produced.front().begin_ns;
  for (const Reading& reading : run.resources) {
    if (reading.at_ns < begin || cpu.values.size() == whole) continue;
    cpu.values.push_back(reading_of(reading, "broker_cpu_cores", 1));
    memory.values.push_back(reading_of(reading, "broker_memory_bytes", kMega));
    disk.values.push_back(reading_of(reading, "broker_disk_write_bytes_per_s", kMega));
    all.values.push_back(reading_of(reading, "machine_cpu_cores", 1));
  }
  return {records, p50, p95, cpu, memory, disk, all};
}

const WorkloadRun* slowest_run(const Workload& workload) {
  const Repeated* const p95 = workload.figure("latency_ms_p95");
  const WorkloadRun* out = nullptr;
  double worst = -1;
  for (const WorkloadRun& run : workload.runs) {
    if (run.produced.empty()) continue;
    const bool is_known = p95 != nullptr && run.number >= 1 && run.number <= p95->values.size();
    const double value = is_known ? p95->values[run.number - 1] : 0;
    if (value > worst) out = &run;
    worst = std::max(worst, value);
  }
  return out;
}

}  // namespace ks::report
