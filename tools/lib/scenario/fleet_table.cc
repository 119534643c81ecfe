#include "lib/scenario/fleet_table.h"

#include <algorithm>
#include <cmath>

#include "lib/cli/clock.h"
#include "lib/tool/tool.h"

namespace ks::scenario {
namespace {

using report::Status;

constexpr double kNsPerMs = 1e6;
// Latencies that are worth a look are longer.
constexpr std::int64_t kGoodSpreadNs = 10'000'000;

double ms(std::int64_t ns) { return static_cast<double>(ns) / kNsPerMs; }

std::string text_ms(std::int64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", ms(ns));
  return text;
}

// Before and after: a clock may be set, or run at another speed.
std::vector<ClockOffset> offsets_of(const FleetWorker& worker) {
  std::vector<ClockOffset> out;
  if (worker.clock) out.push_back(*worker.clock);
  if (worker.clock_end) out.push_back(*worker.clock_end);
  return out;
}

Status status_of(const FleetWorker& worker) {
  if (!worker.wrong.empty()) return Status::kError;
  return worker.lost.empty() ? Status::kPass : Status::kInconclusive;
}

Json row_of(const FleetWorker& worker, const WorkerFigures& figures) {
  const auto time = [](std::int64_t time_ns) {
    return time_ns == 0 ? Json() : Json(cli::format_rfc3339(time_ns));
  };
  const auto whole = [](double count) { return static_cast<std::uint64_t>(count); };
  Json out{{"worker", worker.index},
           {"host", worker.host},
           {"hostname", worker.report ? worker.report->host : ""},
           {"status", report::to_string(status_of(worker))},
           {"reason", worker.wrong.empty() ? worker.lost : worker.wrong},
           {"began_at", time(worker.report ? worker.report->began_ns : 0)},
           {"ended_at", time(worker.report ? worker.report->ended_ns : 0)},
           {"late_ms", worker.late_ms()},
           {"sent", whole(figures.sent)},
           {"received", whole(figures.received)},
           {"errors", whole(figures.errors)},
           {"folder", std::string(kWorkersDir) + "/" + worker.dir.filename().string()},
           {"clock_offset_ms", nullptr},
           {"clock_error_ms", nullptr},
           {"clock_moved_ms", nullptr}};
  if (worker.clock) {
    out["clock_offset_ms"] = ms(worker.clock->offset_ns);
    out["clock_error_ms"] = ms(worker.clock->error_ns);
  }
  if (worker.clock && worker.clock_end) {
    out["clock_moved_ms"] = ms(worker.clock_end->offset_ns - worker.clock->offset_ns);
  }
  return out;
}

// The workers whose clocks are the farthest away, for people.
std::string evidence_of(const std::vector<FleetWorker>& workers) {
  std::vector<const FleetWorker*> known;
  for (const FleetWorker& each : workers) {
    if (each.clock) known.push_back(&each);
  }
  const auto away = [](const FleetWorker* each) {
    return std::abs(each->clock->offset_ns) + each->clock->error_ns;
  };
  std::ranges::stable_sort(known, std::greater(), away);
  constexpr std::size_t kMostNamed = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(known.size(), kMostNamed); ++i) {
    out += (out.empty() ? "" : ", ") + known[i]->name() + " " + text_of(*known[i]->clock);
  }
  return out;
}

void note_clocks(const std::vector<FleetWorker>& workers, const FleetWord& word,
                 report::Result& result) {
  const auto note = [&](const std::string& evidence) {
    result.findings.push_back({kClockOffset, "warning",
                               "clocks of workers are too far apart for latencies between them",
                               evidence});
  };
  if (!word.spread_ns) {
    const auto unknown = std::ranges::find_if(
        workers, [](const FleetWorker& each) { return each.report && !each.clock; });
    if (unknown == workers.end()) return;
    note("nobody compared the clock of " + unknown->name());
    return;
  }
  result.metrics["clock_spread_ms"] = ms(*word.spread_ns);
  if (*word.spread_ns <= kGoodSpreadNs) return;
  note("by up to " + text_ms(*word.spread_ns) + ": " + evidence_of(workers));
}

// Whether the check is about times from one worker's clock to another's: what readers saw, or a
// pause that ends where any of the workers gets through again.
bool is_across_clocks(const Scenario& scenario, const Check& check) {
  if (check.type == CheckType::kRecovery) return true;
  if (check.type != CheckType::kLatency) return false;
  if (!check.scenario.empty()) return scenario.find(check.scenario)->type == Type::kConsume;
  return std::ranges::none_of(scenario.traffic,
                              [](const Traffic& each) { return each.type == Type::kProduce; });
}

void doubt_time(const Check& check, const FleetWord& word, Outcome& outcome) {
  if (!outcome.threshold || !outcome.threshold->observed) return;
  std::string why = "nobody compared the clocks of all workers";
  if (word.spread_ns) {
    const double margin_ms = std::abs(check.limit - *outcome.threshold->observed);
    if (margin_ms > ms(*word.spread_ns)) return;
    why = "observed " + outcome.actual + ", and clocks of workers are up to " +
          text_ms(*word.spread_ns) + " apart";
  }
  outcome.void_for(why);
  outcome.status = Status::kInconclusive;
}

}  // namespace

FleetWord word_of(const std::vector<FleetWorker>& workers) {
  FleetWord out;
  std::size_t wrong = 0;
  std::size_t lost = 0;
  bool are_known = true;
  std::vector<ClockOffset> offsets;
  for (const FleetWorker& worker : workers) {
    if (!worker.wrong.empty() && wrong++ == 0) out.wrong = worker.name() + ": " + worker.wrong;
    if (!worker.lost.empty() && lost++ == 0) out.lost = worker.name() + " is lost: " + worker.lost;
    are_known = are_known && worker.clock;
    std::ranges::copy(offsets_of(worker), std::back_inserter(offsets));
  }
  const auto more = [](std::size_t count, std::string& text) {
    if (count > 1) text += " (and " + std::to_string(count - 1) + " more)";
  };
  more(wrong, out.wrong);
  more(lost, out.lost);
  if (are_known) out.spread_ns = spread_ns(offsets);
  return out;
}

report::Result workers_result(const CheckPlace& place, const std::vector<FleetWorker>& workers,
                              const FleetMerge& merge) {
  const FleetWord word = word_of(workers);
  report::Result result = tool::new_result(place.run_id);
  result.check = place.check;
  result.step = "workers";
  result.client = place.client;
  result.title = place.title;
  result.stage = "pr";
  result.tool = "ks-run";
  if (!word.wrong.empty()) result.lower_to(Status::kError, word.wrong);
  if (!word.lost.empty()) result.lower_to(Status::kInconclusive, word.lost);
  Json rows = Json::array();
  double lost = 0;
  for (std::size_t i = 0; i < workers.size(); ++i) {
    rows.push_back(row_of(workers[i], merge.figures[i]));
    lost += workers[i].lost.empty() ? 0 : 1;
  }
  result.metrics["workers"] = static_cast<double>(workers.size());
  result.metrics["lost_workers"] = lost;
  note_clocks(workers, word, result);
  result.data = {{"workers", std::move(rows)}};
  return result;
}

void doubt(const Scenario& scenario, const FleetWord& word, std::vector<Outcome>& outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!word.wrong.empty()) {
      outcomes[i].void_for(word.wrong);
    } else if (!word.lost.empty()) {
      outcomes[i].void_for(word.lost);
      outcomes[i].status = Status::kInconclusive;
    } else if (is_across_clocks(scenario, scenario.checks[i])) {
      doubt_time(scenario.checks[i], word, outcomes[i]);
    }
  }
}

}  // namespace ks::scenario
