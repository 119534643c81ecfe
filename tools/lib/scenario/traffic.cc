#include "lib/scenario/traffic.h"

#include <algorithm>
#include <thread>

#include "lib/cli/signals.h"
#include "lib/scenario/fleet.h"
#include "lib/target/wait.h"

namespace ks::scenario {
namespace {

bool is_error(const Step& step) { return step.result().status == report::Status::kError; }

}  // namespace

TrafficRun::TrafficRun(const Scenario& scenario, const PlanContext& context,
                       const CheckPlace& place, std::uint64_t first_producer,
                       cli::Progress* progress)
    : scenario_(scenario), place_(place), progress_(progress) {
  for (std::size_t i = 0; i < scenario.traffic.size(); ++i) {
    const Traffic& traffic = scenario.traffic[i];
    Entry entry;
    entry.traffic = &traffic;
    auto plans = plan_traffic(traffic, scenario, context, first_producer);
    entry.plans = part_of(std::move(plans), traffic, i, context.shard);
    first_producer += producers_of(traffic);
    if (!entry.plans.empty()) entries_.push_back(std::move(entry));
  }
  for (std::size_t i = 0; does_faults(context.shard) && i < scenario.faults.size(); ++i) {
    FaultEntry entry;
    entry.fault = &scenario.faults[i];
    entry.plan = plan_fault(scenario.faults[i], i + 1, context);
    faults_.push_back(std::move(entry));
  }
}

cli::Result<void> TrafficRun::run() {
  began_ = cli::Clock::now();
  Duration bound{};
  for (const Entry& entry : entries_) {
    bound = std::max(bound, latest_end(*entry.traffic, scenario_));
  }
  progress_->begin(place_.check, bound);
  cli::Result<void> started;
  while (!all_ended()) {
    if (!is_aborted_ && started) started = start_due();
    if (!started || cli::stop_signal() != 0) is_aborted_ = true;
    if (is_aborted_) stop_all();
    poll();
    progress_->tick([this] { return figures(); });
    std::this_thread::sleep_for(target::kPollInterval);
  }
  progress_->clear();
  judge_faults();
  return started;
}

bool TrafficRun::is_due(const Entry& entry) const {
  if (!entry.steps.empty()) return false;
  cli::Deadline from = began_;
  if (!entry.traffic->after.empty()) {
    const auto before = std::ranges::find_if(
        entries_, [&](const Entry& e) { return e.traffic->name == entry.traffic->after; });
    // Of one that others of the fleet do, only its bound is known.
    if (before == entries_.end()) {
      return cli::Clock::now() >= began_ + latest_start(*entry.traffic, scenario_);
    }
    from = before->ended_at;
    if (from == cli::Deadline::max()) return false;
  }
  return cli::Clock::now() >= from + entry.traffic->start_delay;
}

cli::Result<void> TrafficRun::start(const StepPlan& plan, std::vector<Step>& steps) {
  if (!plan.tally.empty() && !tallies_.contains(plan.tally)) {
    auto tally = cli::Tally::open(plan.tally);
    if (!tally) return tl::make_unexpected(tally.error());
    tallies_.emplace(plan.tally, std::move(*tally));
  }
  auto step = Step::start(plan, place_);
  if (!step) return tl::make_unexpected(step.error());
  steps.push_back(std::move(*step));
  return {};
}

cli::Result<void> TrafficRun::start_due() {
  for (Entry& entry : entries_) {
    if (!is_due(entry)) continue;
    for (const StepPlan& plan : entry.plans) {
      if (auto ok = start(plan, entry.steps); !ok) return ok;
    }
  }
  if (traffic_ended()) {
    miss_faults();
    return {};
  }
  for (FaultEntry& entry : faults_) {
    if (!entry.step.empty() || cli::Clock::now() < began_ + entry.fault->when) continue;
    if (auto ok = start(entry.plan, entry.step); !ok) return ok;
  }
  return {};
}

void TrafficRun::poll_entry(Entry& entry) {
  std::size_t ended = 0;
  for (Step& step : entry.steps) {
    if (!step.poll()) continue;
    ++ended;
    is_aborted_ = is_aborted_ || is_error(step);
  }
  const bool is_new = entry.ended_at == cli::Deadline::max();
  if (is_new && !entry.steps.empty() && ended == entry.steps.size()) {
    entry.ended_at = cli::Clock::now();
  }
}

void TrafficRun::poll() {
  for (Entry& entry : entries_) poll_entry(entry);
  for (FaultEntry& entry : faults_) {
    for (Step& step : entry.step) is_aborted_ = (step.poll() && is_error(step)) || is_aborted_;
  }
}

bool TrafficRun::traffic_ended() const {
  return std::ranges::all_of(
      entries_, [](const Entry& entry) { return entry.ended_at != cli::Deadline::max(); });
}

// What did not start before everything was stopped does not start any more.
bool TrafficRun::all_ended() const {
  for (const Entry& entry : entries_) {
    const bool never = is_aborted_ && entry.steps.empty();
    if (!never && entry.ended_at == cli::Deadline::max()) return false;
  }
  return std::ranges::all_of(faults_, [this](const FaultEntry& entry) {
    if (entry.step.empty()) return is_aborted_ || entry.is_missed;
    return entry.step.front().has_ended();
  });
}

// A fault without traffic shows nothing.
void TrafficRun::miss_faults() {
  for (FaultEntry& entry : faults_) {
    if (!entry.step.empty() || entry.is_missed) continue;
    entry.is_missed = true;
    static_cast<void>(record(
        place_, entry.plan.name, report::Status::kInconclusive,
        "the traffic had ended before its time, " + cli::format_duration(entry.fault->when)));
  }
}

// Nor does one that found the brokers as it wanted them: what starts one that runs disturbs nobody.
void TrafficRun::judge_faults() const {
  for (const FaultEntry& entry : faults_) {
    if (entry.step.empty() || !entry.fault->is_of_brokers()) continue;
    report::Result result = entry.step.front().result();
    const bool has_changed = std::ranges::any_of(result.data, [](const Json& node) {
      return node.is_object() && node.value("changed", true);
    });
    if (result.status != report::Status::kPass || has_changed) continue;
    result.lower_to(report::Status::kInconclusive,
                    "it changed nothing: the brokers were so before");
    static_cast<void>(report::write_result(place_.result(entry.plan.name), result));
  }
}

void TrafficRun::stop_all() {
  for (Entry& entry : entries_) std::ranges::for_each(entry.steps, &Step::stop);
  for (FaultEntry& entry : faults_) std::ranges::for_each(entry.step, &Step::stop);
}

std::string TrafficRun::figures() const {
  const double seconds = std::chrono::duration<double>(cli::Clock::now() - began_).count();
  std::string out;
  for (const Entry& entry : entries_) {
    std::uint64_t records = 0;
    std::uint64_t errors = 0;
    std::string last;
    for (const StepPlan& plan : entry.plans) {
      const auto found = tallies_.find(plan.tally);
      if (found == tallies_.end() || plan.tally == last) continue;
      last = plan.tally;
      records += found->second.records();
      errors += found->second.errors();
    }
    if (last.empty()) continue;
    out += (out.empty() ? "" : ", ") + entry.traffic->name + " " + std::to_string(records) + " (" +
           std::to_string(static_cast<std::uint64_t>(static_cast<double>(records) / seconds)) +
           "/s)";
    if (errors != 0) out += ", " + std::to_string(errors) + " errors";
  }
  return out;
}

std::vector<report::Result> TrafficRun::results_of(const std::string& scenario) const {
  std::vector<report::Result> out;
  for (const Entry& entry : entries_) {
    if (entry.traffic->name != scenario) continue;
    for (const Step& step : entry.steps) out.push_back(step.result());
  }
  return out;
}

std::string TrafficRun::broken_off() const {
  const auto why = [](const std::vector<Step>& steps) -> std::string {
    const auto found = std::ranges::find_if(steps, is_error);
    return found == steps.end() ? "" : found->name() + " could not run: " + found->result().reason;
  };
  for (const FaultEntry& entry : faults_) {
    if (auto reason = why(entry.step); !reason.empty()) return reason;
  }
  for (const Entry& entry : entries_) {
    if (auto reason = why(entry.steps); !reason.empty()) return reason;
  }
  return {};
}

std::vector<std::string> TrafficRun::step_names() const {
  std::vector<std::string> out;
  for (const Entry& entry : entries_) {
    for (const Step& step : entry.steps) out.push_back(step.name());
  }
  for (const FaultEntry& entry : faults_) {
    if (entry.is_missed || !entry.step.empty()) out.push_back(entry.plan.name);
  }
  return out;
}

}  // namespace ks::scenario
