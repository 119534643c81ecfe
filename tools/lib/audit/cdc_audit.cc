#include "lib/audit/cdc_audit.h"

#include <algorithm>

#include "lib/audit/audit.h"
#include "lib/audit/cdc_input.h"

namespace ks::audit {
namespace {

using Json = nlohmann::ordered_json;
using verify::CdcOutage;
using verify::CdcVerdict;

double count_of(const std::map<char, std::uint64_t>& counts, char op) {
  const auto found = counts.find(op);
  return found == counts.end() ? 0 : static_cast<double>(found->second);
}

double sum_of(const std::map<char, std::uint64_t>& counts) {
  double sum = 0;
  for (const auto& [op, count] : counts) sum += static_cast<double>(count);
  return sum;
}

Json time_or_null(const std::optional<std::int64_t>& time_ms) {
  return time_ms ? Json(cli::format_rfc3339(*time_ms * 1'000'000)) : Json(nullptr);
}

std::optional<double> since(const std::optional<std::int64_t>& from_ms,
                            const std::optional<std::int64_t>& to_ms) {
  if (!from_ms || !to_ms) return std::nullopt;
  return static_cast<double>(*to_ms - *from_ms);
}

Json to_json(const CdcOutage& outage) {
  const auto figure = [](const std::optional<double>& ms) {
    return ms ? Json(*ms) : Json(nullptr);
  };
  return {{"kind", outage.is_kill ? "kill" : "stop"},
          {"ordered_at", time_or_null(outage.ordered_ms)},
          {"gone_at", time_or_null(outage.gone_ms)},
          {"started_at", time_or_null(outage.started_ms)},
          {"resumed_at", time_or_null(outage.resumed_ms)},
          {"caught_up_at", time_or_null(outage.caught_up_ms)},
          {"resume_ms", figure(since(outage.started_ms, outage.resumed_ms))},
          {"catch_up_ms", figure(since(outage.started_ms, outage.caught_up_ms))},
          {"resumed_lsn", outage.resumed_lsn ? Json(*outage.resumed_lsn) : Json(nullptr)},
          {"changes_while_down", outage.changes_while_down},
          {"log_behind_bytes", outage.log_behind ? Json(*outage.log_behind) : Json(nullptr)},
          {"replayed_events", outage.replayed}};
}

// Of a worker that never resumed there is no time: what is expected of it then does not hold.
void put_outages(const CdcVerdict& verdict, report::Result& result) {
  report::Metrics& m = result.metrics;
  const auto raise = [&m](const char* name, std::optional<double> value) {
    if (!value) return;
    const auto [entry, is_new] = m.try_emplace(name, *value);
    if (!is_new) entry->second = std::max(entry->second, *value);
  };
  double kills = 0;
  double resumed = 0;
  for (const CdcOutage& outage : verdict.outages) {
    kills += outage.is_kill ? 1 : 0;
    resumed += outage.resumed_ms ? 1 : 0;
    m["replayed_events"] += static_cast<double>(outage.replayed);
    m["changes_while_down"] += static_cast<double>(outage.changes_while_down);
    raise("outage_ms_max", since(outage.ordered_ms, outage.started_ms));
    if (outage.log_behind) raise("log_behind_bytes_max", static_cast<double>(*outage.log_behind));
    raise("resume_ms_max", since(outage.started_ms, outage.resumed_ms));
    raise("catch_up_ms_max", since(outage.started_ms, outage.caught_up_ms));
    result.data["outages"].push_back(to_json(outage));
  }
  m["kills"] = kills;
  m["stops"] = static_cast<double>(verdict.outages.size()) - kills;
  m["outages_without_resume"] = static_cast<double>(verdict.outages.size()) - resumed;
}

void put_counts(const CdcVerdict& verdict, report::Metrics& m) {
  m["committed_changes"] = sum_of(verdict.changes);
  m["committed_inserts"] = count_of(verdict.changes, 'c');
  m["committed_updates"] = count_of(verdict.changes, 'u');
  m["committed_deletes"] = count_of(verdict.changes, 'd');
  m["arrived_changes"] = static_cast<double>(verdict.arrived_changes);
  m["snapshot_events"] = count_of(verdict.events, 'r');
  m["tombstones"] = count_of(verdict.events, verify::CdcEvent::kTombstone);
  m["change_events"] = sum_of(verdict.events) - m["snapshot_events"] - m["tombstones"];
  if (verdict.delays_ms.empty()) return;
  m["delay_ms_p50"] = static_cast<double>(verdict.delays_ms[verdict.delays_ms.size() / 2]);
  m["delay_ms_max"] = static_cast<double>(verdict.delays_ms.back());
}

// What brings about others comes first: the reason is the first one's.
std::vector<std::string> in_order_of_causes(const CdcVerdict& verdict) {
  std::vector<std::string> types;
  for (const char* cause : {verify::kCdcNewSnapshot, verify::kCdcOffsetRegressed}) {
    if (verdict.anomalies.count(cause) != 0) types.emplace_back(cause);
  }
  for (const auto& [type, anomaly] : verdict.anomalies) {
    if (std::ranges::find(types, type) == types.end()) types.push_back(type);
  }
  return types;
}

}  // namespace

void put(const CdcVerdict& verdict, report::Result& result) {
  put_counts(verdict, result.metrics);
  put_outages(verdict, result);
  Json& seconds = result.data["seconds"] = Json::array();
  for (const verify::CdcSecond& second : verdict.seconds) {
    seconds.push_back({{"time", time_or_null(second.begin_ms)},
                       {"committed", second.committed},
                       {"arrived", second.arrived}});
  }
  double violations = 0;
  for (const std::string& type : in_order_of_causes(verdict)) {
    const verify::Anomaly& anomaly = verdict.anomalies.at(type);
    violations += static_cast<double>(anomaly.count);
    result.anomalies.push_back({type, anomaly.count, 0, anomaly.examples});
    result.lower_to(report::Status::kFail, type + ": " + std::to_string(anomaly.count) +
                                               ", first " + anomaly.examples.front());
  }
  result.metrics["anomalies"] = violations;
  if (!verdict.missing.empty()) result.data["missing_evidence"] = verdict.missing;
  for (const std::string& missing : verdict.missing) {
    result.lower_to(report::Status::kInconclusive, missing);
  }
}

cli::Result<void> judge_cdc_files(tool::Session& session, const std::vector<std::string>& files) {
  if (files.size() < 2 || !session.has("offsets")) {
    return cli::fail("a diary, events or offsets are missing", "cdc",
                     "give DIARY EVENTS... --offsets FILE");
  }
  const auto input = read_cdc({files.front(),
                               {files.begin() + 1, files.end()},
                               session.option<std::string>("offsets", "")});
  if (!input) return tl::make_unexpected(input.error());
  put(verify::judge_cdc(*input), session.result);
  print_figures(session);
  return {};
}

}  // namespace ks::audit
