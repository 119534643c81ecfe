#include "lib/scenario/judge.h"

#include <algorithm>

#include "lib/target/prometheus.h"

namespace ks::scenario {
namespace {

using report::Status;
using Chosen = std::vector<const Figures*>;

Type type_counted(const Check& check) {
  if (check.type == CheckType::kMetric) return Type::kMetrics;
  return check.of_produced ? Type::kProduce : Type::kConsume;
}

bool is_meant(const Check& check, const Figures& figures, bool some_produce) {
  if (!check.scenario.empty()) return figures.name == check.scenario;
  switch (check.type) {
    case CheckType::kCountEquals:
    case CheckType::kCountAtLeast:
    case CheckType::kMetric:
      return figures.type == type_counted(check);
    case CheckType::kErrorRate:
      return figures.type != Type::kMetrics;
    default:  // latency and throughput: what producers see, where there are some
      return figures.type == (some_produce ? Type::kProduce : Type::kConsume);
  }
}

Chosen choose(const Check& check, const std::vector<Figures>& all) {
  const bool some_produce = std::ranges::any_of(
      all, [](const Figures& figures) { return figures.type == Type::kProduce; });
  Chosen out;
  for (const Figures& figures : all) {
    if (is_meant(check, figures, some_produce)) out.push_back(&figures);
  }
  return out;
}

double sum(const Chosen& chosen, double Figures::*field) {
  double total = 0;
  for (const Figures* each : chosen) total += each->*field;
  return total;
}

void judge_count(const Check& check, const Chosen& chosen, Outcome& out) {
  const double records = sum(chosen, &Figures::records);
  const bool is_exact = check.type == CheckType::kCountEquals;
  compare(out, is_exact ? "==" : ">=", check.expected, records);
}

void judge_latency(const Check& check, const Chosen& chosen, Outcome& out) {
  stats::Histogram all;
  for (const Figures* each : chosen) all.merge(each->latency);
  if (all.count() == 0) return set(out, Status::kInconclusive, "no latency was measured");
  constexpr double kNsPerMs = 1e6;
  const double ms = static_cast<double>(all.quantile(check.quantile)) / kNsPerMs;
  compare(out, "<=", check.limit, rounded(ms), " ms");
}

void judge_error_rate(const Check& check, const Chosen& chosen, Outcome& out) {
  const double attempts = sum(chosen, &Figures::attempts);
  if (attempts == 0) return set(out, Status::kInconclusive, "nothing was attempted");
  compare(out, "<=", check.limit, sum(chosen, &Figures::errors) / attempts);
}

// Some refusals of many attempts are none: what got through was granted.
void judge_authorization(const Check& check, const Chosen& chosen, Outcome& out) {
  const double through = sum(chosen, &Figures::records);
  const double refusals = sum(chosen, &Figures::refusals);
  out.expected = check.refused ? "refused" : "granted";
  out.actual = text_of(refusals) + " refusals, " + text_of(through) + " records";
  const bool holds = check.refused ? refusals > 0 && through == 0 : refusals == 0 && through > 0;
  if (holds) return;
  const bool is_silent = refusals == 0 && through == 0;
  set(out, is_silent ? Status::kInconclusive : Status::kFail,
      "expected to be " + out.expected + ", observed " + out.actual);
}

// From the first that began to the last that ended: rates one after the other do not add up.
void judge_throughput(const Check& check, const Chosen& chosen, Outcome& out) {
  const std::int64_t first_ns = std::ranges::min(chosen, {}, &Figures::began_ns)->began_ns;
  double elapsed_s = 0;
  for (const Figures* each : chosen) {
    const double began_s = static_cast<double>(each->began_ns - first_ns) / 1e9;
    elapsed_s = std::max(elapsed_s, began_s + each->elapsed_s);
  }
  const double rate = elapsed_s > 0 ? sum(chosen, &Figures::records) / elapsed_s : 0;
  compare(out, ">=", check.limit, rounded(rate), "/s");
}

// The value of a series; of one that is named without its labels, if there is only one.
std::optional<double> sample(const Figures& figures, const std::string& name) {
  if (const auto found = figures.samples.find(name); found != figures.samples.end()) {
    return found->second;
  }
  std::optional<double> out;
  for (const auto& [series, value] : figures.samples) {
    if (!series.starts_with(name + "{")) continue;
    if (out) return std::nullopt;
    out = value;
  }
  return out;
}

// What is told of a series that cannot be compared is one of the page's violations.
void judge_growth(const Check& check, const Figures& page, Outcome& out) {
  const auto series = target::parse_series(check.metric);
  const std::string name = series ? series->text() : check.metric;
  if (const auto found = page.growth.find(name); found != page.growth.end()) {
    return compare(out, ">", 0, found->second, " more than before");
  }
  const auto why = std::ranges::find_if(page.violations, [&](const std::string& violation) {
    return violation.find("'" + name + "'") != std::string::npos;
  });
  out.expected = "> 0 more than before";
  set(out, Status::kFail, why == page.violations.end() ? "'" + name + "' was not compared" : *why);
}

void judge_metric(const Check& check, const Chosen& chosen, Outcome& out) {
  if (check.moves) {
    judge_growth(check, *chosen.front(), out);
    if (check.bounds.empty() || out.status != Status::kPass) return;
  }
  const std::optional<double> value = sample(*chosen.front(), check.metric);
  out.expected = check.bounds.empty() ? "is there" : "";
  for (const auto& [op, limit] : check.bounds) {
    out.expected += (out.expected.empty() ? "" : ", ") + op + " " + text_of(limit);
  }
  if (!value) return set(out, Status::kFail, "no one series '" + check.metric + "' on the page");
  const bool holds = std::ranges::all_of(check.bounds, [&](const auto& bound) {
    return report::holds({check.metric, bound.first, bound.second}, *value);
  });
  compare(out, holds, out.expected, text_of(*value));
}

}  // namespace

Outcome judge(const Check& check, const std::vector<Figures>& figures,
              const std::optional<report::Result>& verification) {
  Outcome out{check.name, check.type_name, Status::kPass, {}, {}, {}, {}};
  const Chosen chosen = choose(check, figures);
  const bool of_history = check.needs_history();
  for (const Figures& each : figures) {
    const bool is_needed = of_history || std::ranges::find(chosen, &each) != chosen.end();
    if (is_needed && !each.is_complete) {
      set(out, Status::kError, each.name + " could not run: " + each.why);
      return out;
    }
  }
  if (of_history && !verification) {
    set(out, Status::kError, "the history was not judged");
  } else if (of_history) {
    judge_history(check, figures, *verification, out);
  } else if (chosen.empty()) {
    set(out, Status::kInconclusive, "nothing was seen of it");
  } else if (check.type == CheckType::kLatency) {
    judge_latency(check, chosen, out);
  } else if (check.type == CheckType::kErrorRate) {
    judge_error_rate(check, chosen, out);
  } else if (check.type == CheckType::kThroughput) {
    judge_throughput(check, chosen, out);
  } else if (check.type == CheckType::kAuthorization) {
    judge_authorization(check, chosen, out);
  } else if (check.type == CheckType::kMetric) {
    judge_metric(check, chosen, out);
  } else {
    judge_count(check, chosen, out);
  }
  return out;
}

}  // namespace ks::scenario
