#include "lib/report/delivery_faults.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lib/report/text.h"
#include "lib/report/timeline.h"

namespace ks::report {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* kDash = "–";

const Step* step_named(const Row& row, const std::string& name) {
  const auto found =
      std::ranges::find(row.steps, name, [](const Step& step) { return step.result.step; });
  return found == row.steps.end() ? nullptr : &*found;
}

std::int64_t begin_of(const Row& row) {
  std::int64_t begin = 0;
  for (const Step& step : row.steps) {
    const std::int64_t at = step.result.started_at_ns;
    begin = begin == 0 ? at : std::min(begin, at);
  }
  return begin;
}

std::string seconds_text(double ms) { return figure_text("_ms", ms); }

std::string after_text(const Row& row, std::int64_t at_ns) {
  return "+" + format_number(std::round(static_cast<double>(at_ns - begin_of(row)) / 1e8) / 10) +
         " s";
}

std::string number_or_dash(const std::optional<double>& number) {
  return number ? format_number(*number) : kDash;
}

std::string time_or_dash(const std::optional<double>& ms) { return ms ? seconds_text(*ms) : kDash; }

// ---- a worker of Kafka Connect ------------------------------------------------------------------

std::string down_text(const WorkerOutage& outage) {
  if (!outage.gone_ns || !outage.started_ns) return kDash;
  return seconds_text(static_cast<double>(*outage.started_ns - *outage.gone_ns) / 1e6);
}

DeliveryFaults outages_of(const Row& row, const std::vector<WorkerOutage>& outages) {
  DeliveryFaults out;
  out.columns = {
      "Fault",     "At",      "Down for", "Committed meanwhile", "First event after its start",
      "Caught up", "Repeated"};
  for (const WorkerOutage& outage : outages) {
    out.rows.push_back({outage.is_kill ? "worker killed" : "worker stopped",
                        after_text(row, outage.ordered_ns), down_text(outage),
                        number_or_dash(outage.changes_while_down), time_or_dash(outage.resume_ms),
                        time_or_dash(outage.catch_up_ms), number_or_dash(outage.replayed_events)});
    out.spans.push_back({outage.ordered_ns, outage.started_ns.value_or(0)});
  }
  return out;
}

// ---- consumers that follow each other -----------------------------------------------------------

DeliveryFaults resumes_of(const Row& row) {
  DeliveryFaults out;
  out.columns = {"Fault", "Successor started at", "Group caught up after"};
  for (const Step& step : row.steps) {
    const Result& result = step.result;
    const auto found = result.metrics.find("resume_ms");
    if (!result.step.starts_with("resume_") || found == result.metrics.end()) continue;
    const bool is_kill = result.step.find("kill") != std::string::npos;
    out.rows.push_back({is_kill ? "consumer killed" : "consumer stopped",
                        after_text(row, result.started_at_ns), seconds_text(found->second)});
    out.spans.push_back({result.started_at_ns,
                         result.started_at_ns + static_cast<std::int64_t>(found->second * 1e6)});
  }
  return out;
}

// ---- brokers and networks -----------------------------------------------------------------------

std::string recovery_cell(const std::vector<const Recovery*>& recoveries, const Fault& fault) {
  for (const Recovery* recovery : recoveries) {
    if (recovery->fault != fault.name || recovery->confirmed_ns != fault.confirmed_ns) continue;
    return (recovery->is_open ? "not, for " : "") + seconds_text(recovery->ms());
  }
  return kDash;
}

std::string lasting(const Fault& fault) {
  if (!fault.confirmed_ns) return "not confirmed";
  if (!fault.healed_ns) return "never healed";
  return seconds_text(static_cast<double>(*fault.healed_ns - *fault.confirmed_ns) / 1e6);
}

DeliveryFaults history_faults(const Row& row) {
  std::vector<const Step*> steps;
  for (const Step& step : row.steps) steps.push_back(&step);
  const Timeline timeline = make_timeline(steps, 1);
  const auto produce = worst_recoveries(timeline, "produce");
  const auto consume = worst_recoveries(timeline, "consume");
  DeliveryFaults out;
  out.columns = {"Fault", "At", "Lasted", "Producing back after", "Reading back after"};
  for (const Fault& fault : timeline.faults) {
    out.rows.push_back({fault.name, after_text(row, fault.begun_ns), lasting(fault),
                        recovery_cell(produce, fault), recovery_cell(consume, fault)});
    out.spans.push_back({fault.begun_ns, fault.healed_ns.value_or(0)});
  }
  return out;
}

std::vector<DeliveryLane> change_lanes(const std::vector<ChangeSecond>& seconds) {
  std::vector<DeliveryLane> lanes{{"committed", {}}, {"events", {}}};
  for (const ChangeSecond& second : seconds) {
    lanes[0].per_second[second.at_ns / 1'000'000'000] += second.committed;
    lanes[1].per_second[second.at_ns / 1'000'000'000] += second.arrived;
  }
  return lanes;
}

}  // namespace

DeliveryFaults delivery_faults(const Row& row) {
  const Step* judged = step_named(row, "judged");
  if (judged != nullptr && !judged->changes.outages.empty()) {
    return outages_of(row, judged->changes.outages);
  }
  DeliveryFaults resumes = resumes_of(row);
  return resumes.rows.empty() ? history_faults(row) : resumes;
}

std::vector<DeliveryLane> delivery_lanes(const Row& row) {
  const Step* judged = step_named(row, "judged");
  if (judged != nullptr && !judged->changes.seconds.empty()) {
    return change_lanes(judged->changes.seconds);
  }
  // What only reads everything back tells nothing of how traffic went on.
  std::vector<Step> traffic;
  for (const Step& step : row.steps) {
    if (step.result.step == "produce" || step.result.step == "consume") traffic.push_back(step);
  }
  std::ranges::sort(traffic, std::ranges::greater(),
                    [](const Step& step) { return step.result.step; });
  return lanes_of(traffic);
}

}  // namespace ks::report
