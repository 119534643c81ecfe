#include "lib/report/performance_words.h"

#include <array>
#include <cmath>

#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr std::array kWords{
    FigureWords{"acked_per_s", "acknowledged"},
    FigureWords{"latency_ms_p50", "latency p50"},
    FigureWords{"latency_ms_p95", "latency p95"},
    FigureWords{"latency_ms_p99", "latency p99"},
    FigureWords{"latency_ms_p999", "latency p99.9"},
    FigureWords{"latency_ms_max", "latency, longest"},
    FigureWords{"service_ms_p50", "broker's answer p50"},
    FigureWords{"service_ms_p95", "broker's answer p95"},
    FigureWords{"end_to_end_ms_p50", "to the reader p50"},
    FigureWords{"end_to_end_ms_p95", "to the reader p95"},
    FigureWords{"lag_ms_p99", "generator's lag p99"},
    FigureWords{"queue_full_waits", "generator's waits for its full queue"},
    FigureWords{"acked_records", "records acknowledged"},
    FigureWords{"sent_bytes", "bytes sent"},
    FigureWords{"elapsed_s", "duration"},
    FigureWords{"errors", "errors"},
    FigureWords{"broker_cpu_cores_mean", "brokers' CPU, mean"},
    FigureWords{"broker_cpu_cores_max", "brokers' CPU, highest second"},
    FigureWords{"broker_cpu_throttled_s", "brokers kept from their CPU by a limit"},
    FigureWords{"broker_memory_bytes_max", "memory of a broker, highest"},
    FigureWords{"broker_disk_read_bytes", "disk read by the brokers"},
    FigureWords{"broker_disk_write_bytes", "disk written by the brokers"},
    FigureWords{"broker_network_received_bytes", "network received by the brokers"},
    FigureWords{"broker_network_sent_bytes", "network sent by the brokers"},
    FigureWords{"machine_network_received_bytes", "network received, whole machine"},
    FigureWords{"machine_cpu_cores_mean", "CPU of the whole machine, mean"},
    FigureWords{"machine_cpus", "processors of the machine"},
    FigureWords{"client_cpu_s", "generator's CPU time"},
    FigureWords{"client_cpu_us_per_record", "generator's CPU a record"},
    FigureWords{"client_cpu_wait_s", "generator's wait for a processor"},
    FigureWords{"client_memory_bytes_max", "generator's memory"},
    FigureWords{"ready_ms", "from the order to the first answer"},
    FigureWords{"first_ack_ms", "from the order to the first acknowledgement"}};

// Without what repeats adds: the words of the metric itself say the same of all runs.
std::string_view without_suffix(std::string_view metric, std::string_view& statistic) {
  for (const std::string_view suffix : {"_median", "_min", "_max"}) {
    if (!metric.ends_with(suffix)) continue;
    const std::string_view stem = metric.substr(0, metric.size() - suffix.size());
    for (const FigureWords& known : kWords) {
      if (known.metric != stem) continue;
      statistic = suffix.substr(1);
      return stem;
    }
  }
  return metric;
}

bool has(std::string_view metric, std::string_view part) {
  return metric.find(part) != std::string_view::npos;
}

}  // namespace

std::string words_of(std::string_view metric) {
  std::string_view statistic;
  for (const FigureWords& known : kWords) {
    if (known.metric == metric) return known.words;
  }
  const std::string_view stem = without_suffix(metric, statistic);
  for (const FigureWords& known : kWords) {
    if (known.metric != stem) continue;
    const std::string of = statistic == "median" ? "median"
                           : statistic == "max"  ? "worst"
                                                 : "least";
    return std::string(known.words) + ", " + of + " of the runs";
  }
  // Of another step: "produce_users_latency_ms_p95_median".
  for (const std::string_view step : {"produce_", "consume_"}) {
    if (!metric.starts_with(step)) continue;
    const std::size_t at = metric.find('_', step.size());
    if (at == std::string_view::npos) continue;
    const std::string inner = words_of(metric.substr(at + 1));
    if (inner != metric.substr(at + 1)) {
      return inner + " (" + std::string(metric.substr(step.size(), at - step.size())) + ")";
    }
  }
  return std::string(metric);
}

std::string bytes_text(double bytes) {
  constexpr std::array kUnits{" B", " kB", " MB", " GB", " TB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < kUnits.size(); ++unit) bytes /= 1000;
  return short_number(bytes) + kUnits[unit];
}

std::string percent_text(double share) { return short_number(share * 100) + " %"; }

std::string variance_text(std::string_view metric, double variance) {
  constexpr double kMegaSquared = 1e12;
  if (has(metric, "_bytes")) return short_number(variance / kMegaSquared) + " MB²";
  if (has(metric, "_per_s")) return short_number(variance) + " (1/s)²";
  if (has(metric, "_ms")) return short_number(variance) + " ms²";
  return short_number(variance);
}

std::string value_text(std::string_view metric, double value) {
  if (has(metric, "_bytes_per_s")) return bytes_text(value) + "/s";
  if (has(metric, "_bytes")) return bytes_text(value);
  if (has(metric, "_per_s")) return short_number(value) + "/s";
  if (has(metric, "_us_per_record")) return short_number(value) + " µs";
  if (has(metric, "_ms")) return short_number(value) + " ms";
  if (has(metric, "cpu_cores")) return short_number(value) + " cores";
  if (has(metric, "_s_") || metric.ends_with("_s")) return short_number(value) + " s";
  return value == std::floor(value) ? format_number(value) : short_number(value);
}

}  // namespace ks::report
