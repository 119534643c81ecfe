#include "lib/report/wording.h"

#include <algorithm>
#include <set>

#include "lib/report/performance_words.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

bool decides_release(const Run& run) {
  return run.kafscale_gate && run.stage == Stage::kRelease && run.full_time;
}

std::string compatibility(Status verdict) {
  switch (verdict) {
    case Status::kPass:
      return "compatible";
    case Status::kFail:
      return "not compatible";
    default:
      return "compatibility not shown";
  }
}

std::string claim(Stage stage) {
  switch (stage) {
    case Stage::kPr:
      return "we didn't break Kafka semantics";
    case Stage::kMain:
      return "we didn't break durability";
    case Stage::kPerformance:
      return "the performance limits hold";
    case Stage::kDelivery:
      return "the delivery guarantees hold";
    case Stage::kRelease:
      break;
  }
  return "we didn't break the architecture";
}

std::string stage_answer(Status verdict) {
  switch (verdict) {
    case Status::kPass:
      return "yes";
    case Status::kFail:
      return "no";
    default:
      return "not shown";
  }
}

std::string scenarios_answer(std::size_t count, Status verdict) {
  const std::string what = count == 1 ? "the scenario " : "the scenarios ";
  switch (verdict) {
    case Status::kPass:
      return what + "passed";
    case Status::kFail:
      return what + "failed";
    case Status::kError:
      return what + "could not run";
    default:
      return what + (count == 1 ? "is inconclusive" : "are inconclusive");
  }
}

std::string stage_name(Stage stage) {
  return stage == Stage::kPr ? "PR" : std::string(to_string(stage));
}

std::size_t count_accepted_gaps(const std::vector<Row>& rows) {
  std::set<std::string> ids;
  for (const Row& row : rows) ids.insert(row.accepted.begin(), row.accepted.end());
  return ids.size();
}

}  // namespace

std::string decision(const Run& run, Status verdict) {
  if (!run.is_gate()) return scenarios_answer(run.scenarios.size(), verdict);
  if (run.target == "kafka" && !is_validation(run.stage)) return compatibility(verdict);
  if (decides_release(run)) return verdict == Status::kPass ? "release" : "do not release";
  const std::string part = run.only.empty() ? "" : ", of " + joined(run.only) + " alone";
  return claim(run.stage) + part + ": " + stage_answer(verdict);
}

std::string tally(const std::vector<Row>& rows) {
  const auto required =
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.required(); });
  const auto passed = std::count_if(rows.begin(), rows.end(), [](const Row& row) {
    return row.required() && row.status == Status::kPass;
  });
  const std::size_t gaps = count_accepted_gaps(rows);
  return std::to_string(passed) + " of " + std::to_string(required) + " required " +
         (required == 1 ? "check" : "checks") + " passed" +
         (gaps == 0 ? "" : ", " + std::to_string(gaps) + " accepted gap" + (gaps == 1 ? "" : "s")) +
         ".";
}

std::string notice(const Run& run) {
  if (!run.is_gate()) return "This is a run of scenarios. It is not a KafScale release gate.";
  if (is_validation(run.stage)) {
    return "This is a validation of " + std::string(to_string(run.stage)) +
           (run.target == "kafka" ? " on an Apache Kafka" : "") +
           (run.full_time ? "" : ", with shortened times") + ". It is not a KafScale release gate.";
  }
  if (run.target == "kafka") {
    return "This is a Kafka compatibility run. It is not a KafScale release gate.";
  }
  if (!run.kafscale_gate) {
    return "The broker was not identified as a KafScale. This is not a KafScale release gate.";
  }
  if (run.stage != Stage::kRelease) {
    return "This run answers for the " + stage_name(run.stage) +
           " stage only. A decision to release takes the release stage at full time.";
  }
  if (!run.full_time) {
    return "This run used shortened times. A decision to release takes the full ones.";
  }
  return "";
}

// The options are those of gates/lib/embedded/kafka.sh.
std::string broker_caveat(const Run& run) {
  if (run.target != "kafka" || run.profile != "embedded") return "";
  return "the gate's own, with a small heap and without the optimizing compiler (-Xmx512m "
         "-XX:+UseSerialGC -XX:TieredStopAtLevel=1): its figures measure the gate, not Kafka";
}

std::string machine_words(const Machine& machine) {
  return std::to_string(machine.cpus) + " processors, " +
         bytes_text(static_cast<double>(machine.memory_bytes)) + " of memory";
}

std::string group_title(const Run& run, Stage stage) {
  if (!run.is_gate()) return "Scenarios";
  return stage_name(stage) + (is_validation(stage) ? " validation" : " stage");
}

std::string occasion(const Run& run) {
  if (!run.is_gate()) return "Scenarios";
  const std::string product = run.target == "kafka" ? "Kafka" : "KafScale";
  if (is_validation(run.stage)) return product + " " + group_title(run, run.stage);
  const std::string what = product + (run.target == "kafka" ? " compatibility" : " release gate");
  return what + ", " + group_title(run, run.stage);
}

}  // namespace ks::report
