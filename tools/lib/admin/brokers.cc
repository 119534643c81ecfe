#include <algorithm>
#include <cmath>
#include <set>

#include "lib/admin/commands.h"
#include "lib/admin/probe.h"
#include "lib/wire/place.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::Operation;

// A table for people: microseconds say enough.
Json rounded(double ms) { return std::round(ms * 1000) / 1000; }

void add_row(const char* role, const Json& id, const Json& is_controller, const Probe& probe,
             Table& table) {
  if (probe.answers()) {
    table.rows.push_back({role, id, probe.address, true, rounded(probe.connect_ms),
                          rounded(probe.api_versions_ms), probe.apis, is_controller, nullptr});
  } else {
    table.rows.push_back(
        {role, id, probe.address, false, nullptr, nullptr, nullptr, is_controller, probe.problem});
  }
}

void count(const Probe& probe, report::Metrics& metrics) {
  if (!probe.answers()) return;
  metrics["connect_ms_max"] = std::max(metrics["connect_ms_max"], probe.connect_ms);
  metrics["api_versions_ms_max"] = std::max(metrics["api_versions_ms_max"], probe.api_versions_ms);
}

void add_bootstrap(Context& context, Answer& answer) {
  double unreachable = 0;
  for (const std::string& address : context.session.profile.brokers) {
    const Probe result = probe(address, context.session.access(), context.until());
    add_row("bootstrap", nullptr, nullptr, result, answer.table);
    count(result, answer.metrics);
    unreachable += result.answers() ? 0 : 1;
    if (result.answers() && answer.metrics.count("apis") == 0) {
      answer.metrics["apis"] = static_cast<double>(result.apis);
    }
  }
  answer.metrics["bootstrap_unreachable"] = unreachable;
}

void add_advertised(Context& context, const client::ClusterInfo& cluster, Answer& answer) {
  std::set<std::string> addresses;
  double unreachable = 0;
  for (const client::BrokerInfo& broker : cluster.brokers) {
    const Probe result = probe(broker.address, context.session.access(), context.until());
    addresses.insert(broker.address);
    add_row("broker", broker.id, broker.id == cluster.controller_id, result, answer.table);
    count(result, answer.metrics);
    if (result.answers()) continue;
    unreachable += 1;
    if (answer.violation.empty() && !context.session.judges("brokers_unreachable")) {
      answer.violation = "broker " + std::to_string(broker.id) +
                         " does not answer at its advertised address: " + result.problem;
    }
  }
  const auto elsewhere = std::count_if(addresses.begin(), addresses.end(), [&](const auto& a) {
    return wire::is_elsewhere(a, context.session.profile.brokers);
  });
  answer.metrics["brokers"] = static_cast<double>(cluster.brokers.size());
  answer.metrics["brokers_unreachable"] = unreachable;
  answer.metrics["addresses_advertised"] = static_cast<double>(addresses.size());
  answer.metrics["advertised_elsewhere"] = static_cast<double>(elsewhere);
}

}  // namespace

cli::Result<Answer> probe_brokers(Context& context) {
  if (auto ok = context.connect({Operation::kMetadata}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  // Whoever is not reachable is in the table below.
  const auto* trouble = context.diagnose();
  if (trouble != nullptr && trouble->id != wire::FindingId::kAdvertisedUnreachable) {
    return tl::make_unexpected(trouble->error);
  }
  context.diagnose_coordinator();
  Answer answer;
  answer.table.columns = {"role",    "id",         "address",
                          "answers", "connect_ms", "api_versions_ms",
                          "apis",    "controller", "reason"};
  add_bootstrap(context, answer);
  auto cluster = context.ask(&Admin::describe_cluster);
  if (!cluster) return tl::make_unexpected(cluster.error());
  std::sort(cluster->brokers.begin(), cluster->brokers.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  add_advertised(context, *cluster, answer);
  answer.metrics["controller_id"] = cluster->controller_id;
  answer.metrics["topics"] = static_cast<double>(cluster->topics.size());
  answer.data = {{"cluster_id", cluster->cluster_id},
                 {"controller_id", cluster->controller_id},
                 {"addresses", to_json(answer.table)}};
  return answer;
}

}  // namespace ks::admin
