#include <algorithm>
#include <array>
#include <set>

#include "lib/cli/clock.h"
#include "lib/report/markdown_table.h"
#include "lib/report/performance.h"
#include "lib/report/performance_chart.h"
#include "lib/report/performance_parts.h"
#include "lib/report/performance_words.h"
#include "lib/report/text.h"
#include "lib/report/timeline_text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

// ---- what it is about ---------------------------------------------------------------------------

std::string day_of(const Run& run) { return cli::format_rfc3339(run.started_at_ns).substr(0, 10); }

std::string lead(const Performance& p) {
  const auto kept = std::ranges::count(p.workloads, Status::kPass, &Workload::status);
  std::string out = "**" + std::to_string(kept) + " of " +
                    std::to_string(p.workloads.size() + p.missing.size()) +
                    " workloads keep their limits.**";
  if (p.workloads.empty()) out = "The highest rate alone was looked for.";
  const bool is_full =
      std::ranges::all_of(p.workloads, [](const Workload& w) { return w.run.full_time; });
  if (!is_full) {
    out += " Some ran for a short time only (marked *short*), which says little of a broker.";
  }
  if (p.run.target == "kafka") out += " These are figures of an Apache Kafka, not of a KafScale.";
  return out + "\n";
}

void add_fact(const std::string& name, const std::string& value, std::string& out) {
  if (!value.empty()) out += markdown_row({name, escape_markdown(value)});
}

std::string generators_of(const Performance& p) {
  std::set<std::string> out;
  for (const Workload& w : p.workloads) out.insert(w.client + " " + w.client_version);
  return joined({out.begin(), out.end()});
}

std::string runs_of(const Performance& p) {
  if (p.workloads.empty()) return p.run.run_id;
  std::vector<std::string> out;
  for (const Workload& w : p.workloads) {
    std::string text = w.run.run_id + (w.run.full_time ? "" : " (short)");
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  }
  return joined(out);
}

bool is_loopback(const std::vector<std::string>& brokers) {
  return !brokers.empty() && std::ranges::all_of(brokers, [](const std::string& broker) {
    return broker.starts_with("127.") || broker.starts_with("localhost") ||
           broker.starts_with("[::1]");
  });
}

// The gate itself starts the embedded ones. Behind an address on loopback may also be a forward to
// brokers elsewhere.
std::string place_of(const Run& run) {
  if (run.profile == "embedded") return "on the generator's machine, which they share with it";
  return is_loopback(run.brokers)
             ? "at addresses on loopback: the generator's machine, or a forward to another"
             : "at addresses that are not all on loopback";
}

constexpr const char* kChangeData = "change data capture: Debezium-like envelopes of three tables";
constexpr const char* kGenerated = "generated, incompressible text that carries an identity";

// Runs of either kind may be on one page: then it says which workloads have which.
std::string records_of(const Performance& p) {
  std::vector<std::string> captured, generated;
  for (const Workload& w : p.workloads) {
    if (w.figure("acked_per_s") == nullptr) continue;  // it is not about records
    (w.is_change_data ? captured : generated).push_back(w.check);
  }
  if (captured.empty()) return kGenerated;
  if (generated.empty()) return kChangeData;
  return std::string(kChangeData) + " (" + joined(captured) + "); " + kGenerated + " (" +
         joined(generated) + ")";
}

std::string environment(const Performance& p) {
  const Run& run = p.run;
  const Machine& machine = run.machine;
  std::string out = "\n## Environment\n\n" + markdown_head({"What", "Which"});
  add_fact("Broker", run.broker.product + " (build " + run.broker.build + ")", out);
  add_fact("This Kafka", broker_caveat(run), out);
  add_fact("Profile",
           run.profile + ", " + std::to_string(run.brokers.size()) +
               (run.brokers.size() == 1 ? " address" : " addresses"),
           out);
  if (!p.workloads.empty()) {
    add_fact("Generator", generators_of(p) + " client of toolkit " + run.toolkit, out);
  }
  add_fact("Machine", machine_words(machine), out);
  add_fact("System", machine.os + ", " + machine.kernel, out);
  add_fact("Where the brokers run", place_of(run), out);
  add_fact("Records", records_of(p), out);
  add_fact("Measured", day_of(run) + ", runs " + runs_of(p), out);
  return out;
}

// ---- charts -------------------------------------------------------------------------------------

std::string charts(const Performance& p) {
  std::string out;
  for (const Workload& w : p.workloads) {
    const WorkloadRun* const run = slowest_run(w);
    if (run == nullptr) continue;
    const std::string chart = text_chart(chart_lines(*run));
    if (chart.empty()) continue;
    out += "\n`" + w.check + "`, run " + std::to_string(run->number) +
           (w.figure("latency_ms_p95") == nullptr ? "" : ", whose p95 was the highest") +
           ":\n\n```text\n" + chart + "```\n";
  }
  if (out.empty()) return out;
  return "\n## Over time\n\nEach line begins at 0 and ends at its own highest value; behind it are "
         "the lowest and "
         "the highest.\n" +
         out;
}

// ---- the highest rate ---------------------------------------------------------------------------

std::string highest_rate(const Performance& p) {
  if (p.highest.empty()) return "";
  const std::string rate = format_number(metric_or_zero(p.highest, "max_rate_per_s"));
  const double too_high = metric_or_zero(p.highest, "too_high_rate_per_s");
  std::string out = "\n## The highest rate\n\n";
  if (metric_or_zero(p.highest, "limited_by_client") != 0) {
    out += "**At least " + rate + " records a second** keep the p95 within its limit. At " +
           format_number(too_high) +
           "/s the client fell behind: **it, and not the broker, was the limit**.\n\n";
  } else if (too_high == 0) {
    out += "**At least " + rate +
           " records a second** keep the p95 within its limit; no trial was too high.\n\n";
  } else {
    out += "**" + rate + " records a second** keep the p95 within its limit; " +
           format_number(too_high) + "/s do not.\n\n";
  }
  out += markdown_head({"Rate", "Acknowledged", "p50", "p95", "p99", "Generator's lag p99",
                        "Waits for its full queue"});
  for (const Trial& trial : p.trials) {
    const auto text = [&](const char* metric) {
      return escape_markdown(value_text(metric, metric_or_zero(trial.figures, metric)));
    };
    out += markdown_row({text("rate_per_s"), text("acked_per_s"), text("latency_ms_p50"),
                         text("latency_ms_p95"), text("latency_ms_p99"), text("lag_ms_p99"),
                         text("queue_full_waits")});
  }
  return out;
}

// ---- what to do ---------------------------------------------------------------------------------

std::string recommendations(const Performance& p) {
  const auto list = advice_on(p);
  std::string out = "\n## Tuning recommendations\n\n";
  if (list.empty()) {
    return out + "None: " + std::to_string(count_rules()) +
           " rules looked at the figures above, and no figure asks for a change.\n";
  }
  out += "Each follows from a figure of this page, by one of " + std::to_string(count_rules()) +
         " rules.\n\n" +
         markdown_head({"Workload", "What was seen", "What to change",
                        "What that is expected to do", "Rule"});
  for (const Advice& advice : list) {
    // Settings have their names in code spans.
    out += markdown_row({"`" + advice.workload + "`", escape_markdown(advice.figure),
                         advice.setting, advice.effect, "`" + advice.rule + "`"});
  }
  return out;
}

std::string not_measured(const Performance& p) {
  std::string out = "\n## What could not be measured\n\n";
  const auto list = unmeasured_of(p);
  if (list.empty()) return out + "Nothing: every figure was measured in every run.\n";
  for (const std::string& line : list) out += "- " + line + "\n";
  return out;
}

}  // namespace

std::string to_markdown(const Performance& performance) {
  return "# Performance baseline\n\n"
         "Made by `make kafka-reports` from the newest runs of `make perf`; do not edit it by "
         "hand.\n\n" +
         lead(performance) + environment(performance) + performance_results(performance) +
         performance_figures(performance) + charts(performance) + highest_rate(performance) +
         recommendations(performance) + not_measured(performance);
}

}  // namespace ks::report
