#include <algorithm>

#include "lib/audit/allowances.h"
#include "lib/scenario/judge.h"

namespace ks::scenario {
namespace {

using report::metric_or_zero;
using report::Status;

// How many of a type's anomalies ks-verify can explain, whatever it was told to allow.
std::uint64_t explained(const report::Result& verification, const std::string& type) {
  const Json& data = verification.data;
  if (!data.is_object() || !data.contains("explained")) return 0;
  return data.at("explained").value(type, std::uint64_t{0});
}

// How many of the anomalies are too many; the first of them as an example.
double count_of(const Check& check, const report::Result& verification, std::string& example) {
  double count = 0;
  const std::vector<std::string> types = anomalies_of(check);
  for (const report::Anomaly& anomaly : verification.anomalies) {
    if (std::ranges::find(types, anomaly.type) == types.end()) continue;
    const std::uint64_t allowed = check.explained ? explained(verification, anomaly.type) : 0;
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
        allowances && type
            ? allowances->allowed(*type, {seen.count, explained(verification, seen.type), {}})
            : 0;
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
    worst_ms =
        std::max(worst_ms, metric_or_zero(verification.metrics, operation + "_recovery_ms_max"));
    open += metric_or_zero(verification.metrics, operation + "_recoveries_open");
  }
  if (!is_measured) return set(out, Status::kInconclusive, "no confirmed fault to recover from");
  compare(out, "<=", check.limit, rounded(worst_ms), " ms");
  if (open > 0) set(out, Status::kFail, text_of(open) + " partitions did not recover");
}

void judge_uuids(const Check& check, const std::vector<Figures>& figures,
                 const report::Result& verification, Outcome& out) {
  double read = 0;
  double mismatched = metric_or_zero(verification.metrics, "foreign_records");
  for (const Figures& each : figures) {
    if (each.type == Type::kConsume) read += each.records;
    mismatched += each.mismatched;
  }
  std::string example;
  mismatched += count_of(check, verification, example);
  if (read == 0) return set(out, Status::kInconclusive, "nothing was read");
  compare(out, "==", 0, mismatched);
  if (mismatched > 0) out.reason += " that do not match, are corrupt, or that this run never sent";
}

}  // namespace

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
    judge_uuids(check, figures, verification, out);
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

}  // namespace ks::scenario
