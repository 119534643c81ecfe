#include <algorithm>
#include <array>

#include "lib/report/markdown_table.h"
#include "lib/report/performance_parts.h"
#include "lib/report/performance_words.h"
#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

using Words = std::vector<std::string>;

std::string name_of(const Workload& workload) { return "`" + workload.check + "`"; }

// ---- results against limits ---------------------------------------------------------------------

// The figure that a threshold is about: "latency_ms_p95" of "latency_ms_p95_median".
const Repeated* figure_of(const Workload& w, const std::string& metric) {
  for (const char* suffix : {"_median", "_max", "_min"}) {
    if (!metric.ends_with(suffix)) continue;
    const auto* const found =
        w.figure(metric.substr(0, metric.size() - std::string(suffix).size()));
    if (found != nullptr) return found;
  }
  return nullptr;
}

std::string values_text(const Repeated& figure) {
  std::string out;
  for (std::size_t i = 0; i < figure.values.size(); ++i) {
    const bool is_apart = std::ranges::find(figure.outliers, i + 1) != figure.outliers.end();
    out += (i == 0 ? "" : ", ") + value_text(figure.metric, figure.values[i]) +
           (is_apart ? " (apart)" : "");
  }
  return out;
}

std::string op_words(const std::string& op) {
  if (op == "<") return "below ";
  if (op == "<=") return "at most ";
  if (op == ">=") return "at least ";
  return op == ">" ? "above " : op + " ";
}

std::string limit_row(const Workload& w, const Threshold& limit) {
  const std::string verdict = limit.ok         ? "kept"
                              : limit.observed ? "**broken**"
                                               : "**not measured**";
  const Repeated* const figure = figure_of(w, limit.metric);
  Words cells{name_of(w) + (w.run.full_time ? "" : " *short*"),
              escape_markdown(words_of(limit.metric)),
              escape_markdown(op_words(limit.op) + value_text(limit.metric, limit.limit)),
              limit.observed
                  ? "**" + escape_markdown(value_text(limit.metric, *limit.observed)) + "**"
                  : "",
              "",
              "",
              "",
              verdict};
  if (figure != nullptr) {
    cells[4] = escape_markdown(values_text(*figure));
    cells[5] = variance_text(figure->metric, figure->variance);
    cells[6] = percent_text(figure->cv);
  }
  return markdown_row(cells);
}

// Anomalies are counted of what was read: without evidence of all there are none, either.
std::string loss_verdict(const Workload& w, const Repeated& lost) {
  if (lost.most > 0) return "**broken**";
  const auto passed =
      std::ranges::count_if(w.kept, [](const auto& run) { return run.second == Status::kPass; });
  return static_cast<std::size_t>(passed) == lost.values.size() &&
                 w.kept.size() == lost.values.size()
             ? "kept"
             : "**not shown**";
}

// Records that were acknowledged, and read again: the checker's word, which each run has by itself.
std::string loss_row(const Workload& w) {
  const Repeated* const lost = w.figure("anomalies");
  const Repeated* const acked = w.figure("kept_acked_records");
  const Repeated* const records = acked != nullptr ? acked : w.figure("acked_records");
  if (lost == nullptr || records == nullptr) return "";
  return markdown_row({name_of(w) + (w.run.full_time ? "" : " *short*"), "records lost or altered",
                       "none", "**" + format_number(lost->most) + "**",
                       "of " + escape_markdown(values_text(*records)) + " acknowledged", "", "",
                       loss_verdict(w, *lost)});
}

}  // namespace

std::string performance_results(const Performance& p) {
  if (p.workloads.empty()) return "";  // what is missing is told as such
  std::string out =
      "\n## Results against limits\n\n"
      "Each workload ran three times; those that move records had a warm-up before, which does not "
      "count. What is judged is the median of the runs, or the worst of them where it says so; "
      "*apart* is a run "
      "that lies far from the two others.\n\n" +
      markdown_head(
          {"Workload", "Figure", "Limit", "Judged", "Each run", "Variance", "CV", "Verdict"});
  for (const Workload& w : p.workloads) {
    for (const Threshold& limit : w.thresholds) out += limit_row(w, limit);
    out += loss_row(w);
  }
  for (const Workload& w : p.workloads) {
    if (w.status == Status::kPass) continue;
    out += "\n- " + name_of(w) + " is **" + std::string(to_string(w.status)) +
           "**: " + escape_markdown(w.reason);
  }
  for (const CheckSpec& spec : p.missing) {
    out += "\n- `" + spec.name + "` has no run: " + escape_markdown(spec.title);
  }
  return out.ends_with("|\n") ? out : out + "\n";
}

namespace {

// ---- all figures --------------------------------------------------------------------------------

constexpr std::array kShown{"acked_records",
                            "acked_per_s",
                            "latency_ms_p50",
                            "latency_ms_p95",
                            "latency_ms_p99",
                            "latency_ms_p999",
                            "latency_ms_max",
                            "service_ms_p50",
                            "end_to_end_ms_p50",
                            "end_to_end_ms_p95",
                            "broker_cpu_cores_mean",
                            "broker_cpu_cores_max",
                            "broker_cpu_throttled_s",
                            "machine_cpu_cores_mean",
                            "broker_memory_bytes_max",
                            "sent_bytes",
                            "broker_disk_read_bytes",
                            "broker_disk_write_bytes",
                            "broker_network_received_bytes",
                            "machine_network_received_bytes",
                            "client_cpu_us_per_record",
                            "client_cpu_wait_s",
                            "elapsed_s",
                            "client_memory_bytes_max",
                            "lag_ms_p99",
                            "queue_full_waits",
                            "ready_ms",
                            "first_ack_ms"};

std::string figure_cell(const Workload& w, const char* metric) {
  const Repeated* const figure = w.figure(metric);
  // Of all runs' records together, as far as it is a matter of records.
  const auto merged = w.merged.find(metric);
  if (merged != w.merged.end()) return escape_markdown(value_text(metric, merged->second));
  if (figure == nullptr) return "–";
  const bool is_worth_it = figure->cv >= 0.05;
  return escape_markdown(value_text(metric, figure->median)) +
         (is_worth_it ? " ±" + percent_text(figure->cv) : "");
}

}  // namespace

std::string performance_figures(const Performance& p) {
  if (p.workloads.empty()) return "";
  Words head{"Figure"};
  for (const Workload& w : p.workloads) head.push_back(name_of(w));
  std::string out =
      "\n## Figures\n\nMedians of the runs, with their coefficient of variation where it is 5 % or "
      "more; percentiles of latencies and of times to the reader are of the records of all runs "
      "together. A latency counts from the time at which the schedule had a record sent, and "
      "without a schedule from when it was.\n\n";
  if (std::ranges::any_of(p.workloads, &Workload::is_change_data)) {
    out +=
        "Of change data capture, records, rates and the generator are those of the first table, "
        "`videos`, which has a fifth of the records; percentiles and charts are of all tables.\n\n";
  }
  out += markdown_head(head);
  for (const char* metric : kShown) {
    Words cells{escape_markdown(words_of(metric))};
    bool is_any = false;
    for (const Workload& w : p.workloads) {
      cells.push_back(figure_cell(w, metric));
      is_any = is_any || cells.back() != "–";
    }
    if (is_any) out += markdown_row(cells);
  }
  return out;
}

}  // namespace ks::report
