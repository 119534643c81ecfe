#include "lib/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "lib/report/text.h"

namespace ks::report {
namespace {

constexpr double kDeviations = 4;
constexpr double kLeastShare = 0.2;

using Values = std::map<FigureKey, std::vector<double>>;

// The newest runs of the kind that began before this one.
std::vector<const BaselineRun*> earlier_runs(const BaselineRun& now, const History& history,
                                             std::size_t& other_machines) {
  std::vector<const BaselineRun*> out;
  for (const BaselineRun& run : history.runs) {
    const bool is_earlier =
        run.run.run_id != now.run.run_id && run.run.started_at_ns < now.run.started_at_ns;
    if (!is_earlier || !is_same_kind(run.run, now.run)) continue;
    if (is_same_machine(run.run.machine, now.run.machine)) {
      out.push_back(&run);
    } else {
      ++other_machines;
    }
  }
  if (out.size() > kMostEarlierRuns) {
    out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(kMostEarlierRuns));
  }
  return out;
}

Change judge(double now, const stats::Spread& earlier, const Direction& direction) {
  if (earlier.count < kLeastEarlierRuns) return Change::kTooFew;
  const double tolerated =
      std::max({kDeviations * earlier.deviation, kLeastShare * std::fabs(earlier.median),
                direction.least_change});
  const double higher_by = now - earlier.median;
  if (std::fabs(higher_by) <= tolerated) return Change::kAsBefore;
  return (higher_by > 0) == direction.is_higher_better ? Change::kImprovement : Change::kRegression;
}

ComparedFigure compared(const FigureKey& key, double now, const stats::Spread& earlier) {
  const Direction direction = direction_of(key.metric).value_or(Direction{});
  ComparedFigure out{
      key, judge(now, earlier, direction), direction.is_higher_better, now, earlier, std::nullopt};
  if (earlier.count > 0 && earlier.median != 0) {
    out.percent = 100 * (now - earlier.median) / std::fabs(earlier.median);
  }
  return out;
}

Status judge(const Comparison& comparison) {
  if (comparison.count(Change::kRegression) > 0) return Status::kFail;
  if (comparison.count(Change::kMissing) > 0) return Status::kInconclusive;
  const bool is_judged =
      comparison.count(Change::kAsBefore) + comparison.count(Change::kImprovement) > 0;
  return is_judged ? Status::kPass : Status::kInconclusive;
}

std::string percent_text(const ComparedFigure& figure) {
  if (!figure.percent) return "";
  const double whole = std::round(*figure.percent);
  return std::string(", ") + (whole > 0 ? "+" : "") + format_number(whole) + " %";
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

std::string_view to_string(Change change) {
  switch (change) {
    case Change::kRegression:
      return "regression";
    case Change::kMissing:
      return "missing";
    case Change::kImprovement:
      return "improvement";
    case Change::kAsBefore:
      return "as before";
    case Change::kTooFew:
      break;
  }
  return "too few";
}

std::size_t Comparison::count(Change change) const {
  return static_cast<std::size_t>(std::ranges::count(figures, change, &ComparedFigure::change));
}

Comparison compare(const BaselineRun& now, const History& history) {
  Comparison out;
  out.run = now.run;
  Values values;
  for (const BaselineRun* run : earlier_runs(now, history, out.other_machines)) {
    out.earlier_runs.push_back(run->run.run_id);
    for (const auto& [key, value] : run->figures) values[key].push_back(value);
  }
  for (const auto& [key, value] : now.figures) {
    out.figures.push_back(compared(key, value, stats::spread_of(values[key])));
  }
  for (const auto& [key, earlier] : values) {
    const bool is_usual =
        earlier.size() >= kLeastEarlierRuns && earlier.size() == out.earlier_runs.size();
    if (!is_usual || now.figures.contains(key)) continue;
    const Direction direction = direction_of(key.metric).value_or(Direction{});
    out.figures.push_back({key, Change::kMissing, direction.is_higher_better, std::nullopt,
                           stats::spread_of(earlier), std::nullopt});
  }
  std::ranges::stable_sort(out.figures, {}, &ComparedFigure::change);
  out.status = judge(out);
  return out;
}

std::string sentence(const ComparedFigure& figure) {
  const stats::Spread& earlier = figure.earlier;
  std::string out = std::string(to_string(figure.change)) + ": " + one_line(to_string(figure.key)) +
                    (figure.now ? ": " + format_number(*figure.now) : ": not measured");
  if (earlier.count == 0) return out + ", no earlier run has it";
  return out + ", median " + format_number(earlier.median) + " of " +
         counted(earlier.count, "earlier run", "earlier runs") + " (spread " +
         format_number(earlier.deviation) + ")" + percent_text(figure);
}

std::string sentence(const Comparison& comparison) {
  const Run& run = comparison.run;
  std::string out = std::string(to_string(comparison.status)) + ": " +
                    counted(comparison.count(Change::kRegression), "regression", "regressions");
  for (const auto& [change, words] :
       {std::pair{Change::kMissing, " missing"}, std::pair{Change::kImprovement, " better"},
        std::pair{Change::kAsBefore, " as before"},
        std::pair{Change::kTooFew, " with too few earlier runs"}}) {
    const std::size_t count = comparison.count(change);
    if (count > 0) out += ", " + std::to_string(count) + words;
  }
  out += "; " + counted(comparison.earlier_runs.size(), "earlier run", "earlier runs") +
         " of target " + run.target + ", profile " + one_line(run.profile) + ", stage " +
         std::string(to_string(run.stage)) + (run.full_time ? "" : ", short");
  if (comparison.earlier_runs.size() < kLeastEarlierRuns) {
    out += ", of " + std::to_string(kLeastEarlierRuns) + " that it takes";
  }
  if (comparison.other_machines == 0) return out;
  return out + "; " + counted(comparison.other_machines, "was", "were") + " on other machines";
}

nlohmann::ordered_json to_json(const Comparison& comparison) {
  using Json = nlohmann::ordered_json;
  Json figures = Json::array();
  for (const ComparedFigure& figure : comparison.figures) {
    const stats::Spread& earlier = figure.earlier;
    const bool has_earlier = earlier.count > 0;
    figures.push_back({{"check", figure.key.check},
                       {"client", figure.key.client},
                       {"step", figure.key.step},
                       {"metric", figure.key.metric},
                       {"better", figure.is_higher_better ? "higher" : "lower"},
                       {"change", to_string(figure.change)},
                       {"now", figure.now ? Json(*figure.now) : Json()},
                       {"earlier_runs", earlier.count},
                       {"median", has_earlier ? Json(earlier.median) : Json()},
                       {"deviation", has_earlier ? Json(earlier.deviation) : Json()},
                       {"change_percent", figure.percent ? Json(*figure.percent) : Json()}});
  }
  const Run& run = comparison.run;
  return {{"schema_version", 1},
          {"run_id", run.run_id},
          {"target", run.target},
          {"profile", run.profile},
          {"stage", to_string(run.stage)},
          {"full_time", run.full_time},
          {"verdict", to_string(comparison.status)},
          {"earlier_runs", comparison.earlier_runs},
          {"other_machines", comparison.other_machines},
          {"figures", figures}};
}

}  // namespace ks::report
