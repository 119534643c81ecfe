#include <algorithm>
#include <array>

#include "lib/report/performance.h"
#include "lib/report/performance_words.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

// What each workload that moves records is meant to have.
constexpr std::array kResources{"broker_cpu_cores_mean", "broker_memory_bytes_max",
                                "broker_disk_write_bytes", "broker_network_received_bytes"};

std::string names(const std::vector<const Workload*>& workloads) {
  std::vector<std::string> out;
  for (const Workload* w : workloads) out.push_back("`" + w->check + "`");
  return joined(out);
}

bool moves_records(const Workload& w) { return w.figure("acked_per_s") != nullptr; }

void add_resources(const Performance& p, std::vector<std::string>& out) {
  for (const char* metric : kResources) {
    std::vector<const Workload*> lacking;
    for (const Workload& w : p.workloads) {
      if (moves_records(w) && w.figure(metric) == nullptr) lacking.push_back(&w);
    }
    if (!lacking.empty()) {
      out.push_back(escape_markdown(sentence_case(words_of(metric))) + ": not of " +
                    names(lacking) + ".");
    }
  }
}

// The same finding of several workloads is one.
void add_findings(const Performance& p, std::vector<std::string>& out) {
  std::vector<std::string> told;
  for (const Workload& w : p.workloads) {
    for (const Finding& finding : w.findings) {
      if (finding.id != "resources-unread" && finding.id != "network-of-the-machine") continue;
      const std::string text = sentence_case(finding.summary) + ": " + finding.evidence;
      if (std::ranges::find(told, text) != told.end()) continue;
      told.push_back(text);
      out.push_back(escape_markdown(text) + ".");
    }
  }
}

}  // namespace

std::vector<std::string> unmeasured_of(const Performance& p) {
  std::vector<std::string> out;
  for (const CheckSpec& spec : p.missing) {
    out.push_back("`" + spec.name + "` (" + escape_markdown(spec.title) +
                  "): it has no run that came to its end; `make perf WORKLOAD=" + spec.name + "`.");
  }
  for (const Workload& w : p.workloads) {
    if (w.status == Status::kInconclusive || w.status == Status::kError) {
      out.push_back("`" + w.check + "`: " + escape_markdown(w.reason) + ".");
    }
  }
  for (const Workload& w : p.workloads) {
    if (w.broke_off_in.empty()) continue;
    out.push_back("`" + w.check + "` in run " + escape_markdown(w.broke_off_in) +
                  ": it did not come to its end; what is shown is of run " +
                  escape_markdown(w.run.run_id) + ", before that.");
  }
  std::vector<const Workload*> cut_short;
  for (const Workload& w : p.workloads) {
    if (!w.run.full_time) cut_short.push_back(&w);
  }
  if (!cut_short.empty()) {
    out.push_back("At full time: " + names(cut_short) + " ran with `PERF_TIME=short`.");
  }
  add_resources(p, out);
  add_findings(p, out);
  if (p.highest.empty()) {
    out.emplace_back(
        "The highest rate that keeps the p95 within its limit: it was not looked for; `make "
        "perf-max`.");
  } else if (p.highest.contains("limited_by_client") && p.highest.at("limited_by_client") != 0) {
    out.emplace_back("The broker's highest rate: the client was the limit before the broker was.");
  }
  if (!p.left_out.empty()) {
    out.push_back("Runs of another target, profile, product or build are left out: " +
                  escape_markdown(joined(p.left_out)) + ".");
  }
  return out;
}

}  // namespace ks::report
