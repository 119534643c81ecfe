#include "lib/scenario/judge.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "lib/audit/allowances.h"

namespace ks::scenario {
namespace {

using report::Status;
using Chosen = std::vector<const Figures*>;

std::string text_of(double value) {
  char text[48];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

// Three digits behind the point say all that a clock and a machine can tell.
double rounded(double value) {
  constexpr double kDigits = 1000;
  return std::round(value * kDigits) / kDigits;
}

void set(Outcome& outcome, Status status, const std::string& reason) {
  outcome.status = status;
  outcome.reason = status == Status::kPass ? "" : reason;
}

// Fails it where it does not hold.
void compare(Outcome& outcome, bool holds, std::string expected, std::string actual) {
  outcome.expected = std::move(expected);
  outcome.actual = std::move(actual);
  set(outcome, holds ? Status::kPass : Status::kFail,
      "expected " + outcome.expected + ", observed " + outcome.actual);
}

// The same for one figure; `unit` stands behind both.
void compare(Outcome& outcome, const char* op, double limit, double observed,
             const std::string& unit = "") {
  const bool holds = report::holds({outcome.name, op, limit}, observed);
  outcome.threshold = report::Threshold{outcome.name, op, limit, observed, holds};
  compare(outcome, holds, std::string(op) + " " + text_of(limit) + unit, text_of(observed) + unit);
}

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

void judge_throughput(const Check& check, const Chosen& chosen, Outcome& out) {
  double rate = 0;
  for (const Figures* each : chosen) {
    if (each->elapsed_s > 0) rate += each->records / each->elapsed_s;
  }
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

void judge_metric(const Check& check, const Chosen& chosen, Outcome& out) {
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

// ---- by the history
// -------------------------------------------------------------------------------

double metric(const report::Result& result, const std::string& name) {
  const auto found = result.metrics.find(name);
  return found == result.metrics.end() ? 0 : found->second;
}

// How many of the anomalies are too many; the first of them as an example.
double count_of(const Check& check, const report::Result& verification, std::string& example) {
  double count = 0;
  const std::vector<std::string> types = anomalies_of(check);
  for (const report::Anomaly& anomaly : verification.anomalies) {
    if (std::ranges::find(types, anomaly.type) == types.end()) continue;
    const std::uint64_t allowed = check.explained ? std::min(anomaly.allowed, anomaly.count) : 0;
    count += static_cast<double>(anomaly.count - allowed);
    if (anomaly.count > allowed && example.empty() && !anomaly.examples.empty()) {
      example = anomaly.type + ": " + anomaly.examples.front();
    }
  }
  return count;
}

void judge_anomalies(const Check& check, const report::Result& verification, Outcome& out) {
  const auto allowances = audit::Allowances::parse(check.allow);
  std::string first;
  double total = 0;
  for (const report::Anomaly& seen : verification.anomalies) {
    const auto type = verify::anomaly_of(seen.type);
    const std::uint64_t allowed =
        allowances && type ? allowances->allowed(*type, {seen.count, seen.allowed, {}}) : 0;
    if (seen.count <= allowed) continue;
    total += static_cast<double>(seen.count - allowed);
    if (first.empty()) first = seen.type + (seen.examples.empty() ? "" : ": " + seen.examples[0]);
  }
  compare(out, "==", 0, total);
  if (total > 0) out.reason += ", first " + first;
}

void judge_recovery(const Check& check, const report::Result& verification, Outcome& out) {
  double worst_ms = 0;
  double open = 0;
  bool is_measured = false;
  for (const std::string operation : {"produce", "consume"}) {
    if (!check.operation.empty() && check.operation != operation) continue;
    is_measured = is_measured || verification.metrics.contains(operation + "_recovery_ms_max");
    worst_ms = std::max(worst_ms, metric(verification, operation + "_recovery_ms_max"));
    open += metric(verification, operation + "_recoveries_open");
  }
  if (!is_measured) return set(out, Status::kInconclusive, "no confirmed fault to recover from");
  compare(out, "<=", check.limit, rounded(worst_ms), " ms");
  if (open > 0) set(out, Status::kFail, text_of(open) + " partitions did not recover");
}

void judge_uuids(const std::vector<Figures>& figures, const report::Result& verification,
                 Outcome& out) {
  double read = 0;
  double mismatched = metric(verification, "foreign_records");
  for (const Figures& each : figures) {
    if (each.type == Type::kConsume) read += each.records;
    mismatched += each.mismatched;
  }
  for (const report::Anomaly& anomaly : verification.anomalies) {
    if (anomaly.type == "phantom") mismatched += static_cast<double>(anomaly.count);
  }
  if (read == 0) return set(out, Status::kInconclusive, "nothing was read");
  compare(out, "==", 0, mismatched);
  if (mismatched > 0) out.reason += " that do not match or that this run never sent";
}

void judge_history(const Check& check, const std::vector<Figures>& figures,
                   const report::Result& verification, Outcome& out) {
  if (verification.status == Status::kError) {
    return set(out, Status::kError, "the history was not judged: " + verification.reason);
  }
  if (check.type == CheckType::kRecovery) {
    judge_recovery(check, verification, out);
  } else if (check.type == CheckType::kAnomalies) {
    judge_anomalies(check, verification, out);
  } else if (check.type == CheckType::kUuidMatch) {
    judge_uuids(figures, verification, out);
  } else {
    std::string example;
    const double count = count_of(check, verification, example);
    compare(out, "==", 0, count);
    if (!example.empty()) out.reason += ", first " + example;
  }
  // What was not seen may have been wrong.
  const Json& data = verification.data;
  const bool lacks_evidence = data.is_object() && data.contains("missing_evidence");
  if (out.status == Status::kPass && lacks_evidence) {
    set(out, Status::kInconclusive, data.at("missing_evidence").front());
  }
}

}  // namespace

void Outcome::void_for(const std::string& why) {
  status = Status::kError;
  reason = why;
  threshold.reset();
}

std::vector<std::string> anomalies_of(const Check& check) {
  switch (check.type) {
    case CheckType::kNoDuplicates:
      return {"duplicate"};
    case CheckType::kNoLoss:
      return {"lost", "truncation"};
    case CheckType::kUuidMatch:
      return {"phantom", "corrupt"};
    case CheckType::kOffsetsMonotonic:
      return {"nonmonotonic-poll", "nonmonotonic-send", "inconsistent-offset"};
    case CheckType::kOrder:
      return {"producer-order"};
    default:
      return {};
  }
}

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
  } else if (check.type == CheckType::kMetric) {
    judge_metric(check, chosen, out);
  } else {
    judge_count(check, chosen, out);
  }
  return out;
}

}  // namespace ks::scenario
