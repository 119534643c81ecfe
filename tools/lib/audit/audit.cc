#include "lib/audit/audit.h"

#include <algorithm>
#include <cstdio>

#include "lib/cli/clock.h"
#include "lib/history/identity.h"

namespace ks::audit {
namespace {

using Json = nlohmann::ordered_json;

double to_ms(std::int64_t ns) { return static_cast<double>(ns) / 1e6; }

// 0 stands for a time that there is not.
Json time_or_null(std::int64_t wall_ns) {
  return wall_ns == 0 ? Json(nullptr) : Json(cli::format_rfc3339(wall_ns));
}

void put_anomalies(const verify::Verdict& verdict, const Allowances& allowances,
                   report::Result& result) {
  std::uint64_t violations = 0;
  for (const auto& [type, anomaly] : verdict.anomalies.by_type()) {
    const std::uint64_t allowed = allowances.allowed(type, anomaly);
    result.anomalies.push_back({verify::name_of(type), anomaly.count, allowed, anomaly.examples});
    if (anomaly.explained > 0) result.data["explained"][verify::name_of(type)] = anomaly.explained;
    if (anomaly.count <= allowed) continue;
    violations += anomaly.count - allowed;
    result.lower_to(report::Status::kFail, std::string(verify::name_of(type)) + ": " +
                                               std::to_string(anomaly.count) + ", first " +
                                               anomaly.examples.front());
  }
  result.metrics["anomalies"] = static_cast<double>(violations);
}

// The worst of all partitions: of a gap or a recovery the longest, of a success rate the lowest.
void put_operation(const verify::Verdict::Operation& operation, report::Metrics& m) {
  const verify::Availability& a = operation.availability;
  const std::string name = operation.name;
  const auto raise = [&m](const std::string& metric, double value) {
    const auto [entry, is_new] = m.try_emplace(metric, value);
    if (!is_new) entry->second = std::max(entry->second, value);
  };
  raise(name + "_gap_ms_max", to_ms(a.longest_gap_ns()));
  if (name == "produce") {  // a consumer tries until it reads
    const auto [rate, is_new] = m.try_emplace("produce_success_rate_min", a.success_rate());
    if (!is_new) rate->second = std::min(rate->second, a.success_rate());
  }
  for (const verify::Availability::Recovery& recovery : a.recoveries()) {
    raise(name + "_recovery_ms_max", to_ms(recovery.to_ns - recovery.from_ns));
    m[name + "_recoveries_open"] += recovery.is_open ? 1 : 0;
  }
}

Json to_json(const verify::Verdict::Operation& operation,
             const std::vector<verify::Faults::Fault>& faults,
             const std::vector<std::string>& fault_names) {
  const verify::Availability& a = operation.availability;
  Json recoveries = Json::array();
  for (const verify::Availability::Recovery& recovery : a.recoveries()) {
    recoveries.push_back(
        {{"fault", fault_names.at(recovery.fault)},
         {"fault_confirmed_at", time_or_null(faults.at(recovery.fault).confirmed_ns)},
         {"began_at", time_or_null(recovery.from_ns)},
         {"ended_at", time_or_null(recovery.to_ns)},
         {"recovery_ms", to_ms(recovery.to_ns - recovery.from_ns)},
         {"recovered", !recovery.is_open}});
  }
  return {{"topic", operation.topic},
          {"partition", operation.partition},
          {"operation", operation.name},
          {"attempts", a.attempts()},
          {"success_rate", a.success_rate()},
          {"gap_ms_max", to_ms(a.longest_gap_ns())},
          {"gap_began_at", time_or_null(a.longest_gap_from_ns())},
          {"recoveries", std::move(recoveries)}};
}

Json to_json(const verify::Faults::Fault& fault, const std::string& name) {
  return {{"fault", name},
          {"begun_at", time_or_null(fault.begin_ns)},
          {"confirmed_at", time_or_null(fault.confirmed_ns)},
          {"healed_at", time_or_null(fault.healed_ns)}};
}

Json to_json(const history::FileSummary& file) {
  Json out{{"file", file.path.filename().string()},
           {"tool", file.head.tool},
           {"client", file.head.client},
           {"run_id", file.head.run_id},
           {"host", file.host},
           {"events", file.events},
           {"closed", file.closed}};
  if (file.problem) out["problem"] = file.problem->message();
  return out;
}

}  // namespace

verify::Writer writer_of(const history::FileSummary& file) {
  const history::Head& head = file.head;
  return {
      .file = static_cast<std::uint32_t>(file.number),
      .clock = static_cast<std::uint32_t>(file.clock),
      .run = history::run_hash(head.run_id),
      .in_order = head.in_order,
      // librdkafka has one request in flight for each connection, not for each partition: it
      // sends to a new leader while the old one still holds a request, and repeats that behind
      // the others.
      .order_ends_with_leader = head.client.starts_with("librdkafka") && head.retries_may_duplicate,
      .retries_may_duplicate = head.retries_may_duplicate,
      .acks = head.acks};
}

cli::Result<Audit> audit_folder(const std::filesystem::path& folder) {
  auto opened = history::Folder::open(folder);
  if (!opened) return tl::make_unexpected(opened.error());
  std::vector<verify::Writer> writers;
  for (const history::FileSummary& file : opened->files()) writers.push_back(writer_of(file));
  history::Names names;
  verify::Checker checker(names, {});
  opened->read(names, [&](const history::FileSummary& file, const history::Event& event) {
    checker.add(writers[file.number], event);
  });
  Audit audit{opened->files(), {}, checker.finish()};
  for (const auto& fault : audit.verdict.faults)
    audit.fault_names.push_back(names.text(fault.name));
  // Damage comes first: what else is missing may be missing for it.
  std::vector<std::string> missing;
  for (const history::FileSummary& file : audit.files) {
    if (file.problem) missing.push_back(file.problem->message());
  }
  audit.verdict.missing.insert(audit.verdict.missing.begin(), missing.begin(), missing.end());
  return audit;
}

void put(const verify::Verdict& verdict, const Allowances& allowances, report::Result& result) {
  report::Metrics& m = result.metrics;
  m["attempted_records"] = static_cast<double>(verdict.attempts);
  m["acked_records"] = static_cast<double>(verdict.acked);
  m["failed_records"] = static_cast<double>(verdict.failed);
  m["unknown_records"] = static_cast<double>(verdict.unknown);
  m["verified_reads"] = static_cast<double>(verdict.reads);
  m["uuid_matched_records"] = static_cast<double>(verdict.matched);
  m["group_reread_records"] = static_cast<double>(verdict.rereads);
  m["foreign_records"] = static_cast<double>(verdict.foreign);
  put_anomalies(verdict, allowances, result);
  for (const auto& operation : verdict.operations) put_operation(operation, m);
  if (!verdict.missing.empty()) result.data["missing_evidence"] = verdict.missing;
  for (const std::string& missing : verdict.missing) {
    result.lower_to(report::Status::kInconclusive, missing);
  }
}

void put(const Audit& audit, const Allowances& allowances, report::Result& result) {
  put(audit.verdict, allowances, result);
  Json& faults = result.data["faults"] = Json::array();
  for (std::size_t i = 0; i < audit.verdict.faults.size(); ++i) {
    faults.push_back(to_json(audit.verdict.faults[i], audit.fault_names.at(i)));
  }
  Json& availability = result.data["availability"] = Json::array();
  for (const auto& operation : audit.verdict.operations) {
    availability.push_back(to_json(operation, audit.verdict.faults, audit.fault_names));
  }
  Json& files = result.data["files"] = Json::array();
  for (const history::FileSummary& file : audit.files) files.push_back(to_json(file));
}

void print_figures(const tool::Session& session) {
  for (const auto& [name, value] : session.result.metrics) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    session.print(name + "\t" + text);
  }
  for (const report::Anomaly& anomaly : session.result.anomalies) {
    for (const std::string& example : anomaly.examples) {
      session.print(anomaly.type + "\t" + example);
    }
  }
}

}  // namespace ks::audit
