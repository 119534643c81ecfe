#include "lib/report/performance.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "lib/report/rows.h"

namespace ks::report {
namespace {

constexpr const char* kHighest = "max_rate";

// The step that judges all runs of a workload.
bool is_judgement(const Step& step) { return !step.repeats.empty(); }

// NAME and N of NAME_N.
std::pair<std::string, std::size_t> parts_of(const std::string& step) {
  const std::size_t at = step.rfind('_');
  if (at == std::string::npos || at + 1 == step.size()) return {step, 0};
  const std::string digits = step.substr(at + 1);
  if (digits.size() > 3 || digits.find_first_not_of("0123456789") != std::string::npos) {
    return {step, 0};
  }
  return {step.substr(0, at), std::stoul(digits)};
}

// Of several that produced at once, one second after the other: rates add up, of percentiles the
// worst is shown.
void add_seconds(const std::vector<Second>& from, std::vector<Second>& to) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (i == to.size()) {
      to.push_back(from[i]);
      continue;
    }
    to[i].records += from[i].records;
    to[i].errors += from[i].errors;
    if (!from[i].latency) continue;
    if (!to[i].latency) to[i].latency = Latency{};
    to[i].latency->p50_ms = std::max(to[i].latency->p50_ms, from[i].latency->p50_ms);
    to[i].latency->p95_ms = std::max(to[i].latency->p95_ms, from[i].latency->p95_ms);
    to[i].latency->p99_ms = std::max(to[i].latency->p99_ms, from[i].latency->p99_ms);
  }
}

void take_series(const Step& step, std::map<std::size_t, WorkloadRun>& runs) {
  const auto [stem, number] = parts_of(step.result.step);
  if (number == 0) return;
  WorkloadRun& run = runs[number];
  run.number = number;
  if (stem.starts_with("produce")) add_seconds(step.series.seconds, run.produced);
  if (stem.starts_with("consume")) add_seconds(step.series.seconds, run.consumed);
  if (stem == "resources") run.resources = step.series.readings;
}

void take_findings(const Step& step, std::vector<Finding>& out) {
  for (const Finding& finding : step.result.findings) {
    const auto same = [&](const Finding& known) { return known.id == finding.id; };
    if (std::ranges::none_of(out, same)) out.push_back(finding);
  }
}

void take_judgement(const Step& step, Workload& out) {
  out.merged = step.result.metrics;
  out.thresholds = step.result.thresholds;
  out.figures = step.repeats;
}

void take_kept(const Step& step, std::map<std::size_t, Status>& kept) {
  const auto [stem, number] = parts_of(step.result.step);
  if (stem == "kept" && number != 0) kept[number] = step.result.status;
}

// As the summary of that run judges it: by its steps, by their figures, and by how it ended.
Row row_of(const CheckSpec& spec, const std::string& client, const RunFolder& folder) {
  RunFolder own;
  own.dir = folder.dir;
  own.run = folder.run;
  std::ranges::copy_if(folder.steps, std::back_inserter(own.steps),
                       [&](const Step& step) { return step.result.check == spec.name; });
  std::ranges::copy_if(folder.ends, std::back_inserter(own.ends),
                       [&](const CheckEnd& end) { return end.check == spec.name; });
  for (Row& row : make_rows({spec}, {own}, own.dir)) {
    if (row.client == client) return std::move(row);
  }
  return {};
}

Workload workload_of(const CheckSpec& spec, const std::string& client, const RunFolder& folder) {
  const Row row = row_of(spec, client, folder);
  Workload out;
  out.check = spec.name;
  out.title = spec.title;
  out.client = client;
  out.run = folder.run;
  out.status = row.status;
  out.reason = row.reason;
  std::map<std::size_t, WorkloadRun> runs;
  for (const Step& step : row.steps) {
    const Result& result = step.result;
    if (out.client_version.empty()) out.client_version = result.client_version;
    out.is_change_data = out.is_change_data || result.step.starts_with("produce_videos");
    if (is_judgement(step)) take_judgement(step, out);
    take_series(step, runs);
    take_kept(step, out.kept);
    take_findings(step, out.findings);
  }
  for (auto& [number, run] : runs) out.runs.push_back(std::move(run));
  return out;
}

// The clients whose workload was judged in that run, in the order of their steps.
std::vector<std::string> clients_of(const CheckSpec& spec, const RunFolder& folder) {
  std::vector<std::string> out;
  for (const Step& step : folder.steps) {
    const bool counts = step.result.check == spec.name && is_judgement(step);
    if (counts && std::ranges::find(out, step.client) == out.end()) out.push_back(step.client);
  }
  return out;
}

// A run that began the workload after the one that is shown, and did not come to its end.
std::string broke_off_since(const CheckSpec& spec, const RunFolder& shown,
                            const std::vector<const RunFolder*>& folders) {
  const auto of_workload = [&](const Step& step) { return step.result.check == spec.name; };
  for (const RunFolder* folder : folders) {
    if (folder->run.started_at_ns > shown.run.started_at_ns && clients_of(spec, *folder).empty() &&
        std::ranges::any_of(folder->steps, of_workload)) {
      return folder->run.run_id;
    }
  }
  return {};
}

void take_trials(const RunFolder& folder, Performance& out) {
  for (const Step& step : folder.steps) {
    if (step.result.check != kHighest) continue;
    if (step.result.step.starts_with("trial_")) out.trials.push_back({step.result.metrics});
    if (step.result.step == "found") out.highest = step.result.metrics;
  }
  std::ranges::sort(out.trials, {}, [](const Trial& trial) {
    const auto rate = trial.figures.find("rate_per_s");
    return rate == trial.figures.end() ? 0 : rate->second;
  });
}

bool has_highest(const RunFolder& folder) {
  return std::ranges::any_of(folder.steps, [](const Step& step) {
    return step.result.check == kHighest && step.result.step == "found";
  });
}

}  // namespace

const Repeated* Workload::figure(const std::string& metric) const {
  const auto found = std::ranges::find(figures, metric, &Repeated::metric);
  return found == figures.end() ? nullptr : &*found;
}

double Workload::median(const std::string& metric, double otherwise) const {
  const Repeated* const found = figure(metric);
  return found == nullptr ? otherwise : found->median;
}

cli::Result<Performance> make_performance(const Manifest& manifest, const Evidence& folders) {
  std::vector<const RunFolder*> usable;
  for (const RunFolder& folder : folders) {
    if (folder.run.stage == Stage::kPerformance) usable.push_back(&folder);
  }
  if (usable.empty()) {
    return cli::fail("no run of the validation of performance", {}, "run make perf first");
  }
  const auto* const newest =
      std::ranges::max(usable, {}, [](const auto* f) { return f->run.started_at_ns; });
  Performance out;
  out.run = newest->run;
  std::erase_if(usable, [&](const RunFolder* folder) {
    const bool differs = !is_alike(folder->run, out.run);
    if (differs) out.left_out.push_back(folder->run.run_id);
    return differs;
  });
  std::ranges::sort(usable,
                    [](const auto* a, const auto* b) { return is_preferred(a->run, b->run); });
  for (const CheckSpec& spec : manifest) {
    if (spec.stage != Stage::kPerformance || !spec.on_demand.empty()) continue;
    const auto found = std::ranges::find_if(
        usable, [&](const RunFolder* folder) { return !clients_of(spec, *folder).empty(); });
    if (found == usable.end()) {
      out.missing.push_back(spec);
      continue;
    }
    for (const std::string& client : clients_of(spec, **found)) {
      out.workloads.push_back(workload_of(spec, client, **found));
      out.workloads.back().broke_off_in = broke_off_since(spec, **found, usable);
    }
  }
  const auto searched =
      std::ranges::find_if(usable, [](const RunFolder* folder) { return has_highest(*folder); });
  if (searched != usable.end()) take_trials(**searched, out);
  if (!out.workloads.empty() || !out.highest.empty()) return out;
  return cli::fail("no workload came to its end in run " + out.run.run_id, {},
                   "see its report.html, and run make perf again");
}

}  // namespace ks::report
