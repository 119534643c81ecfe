#include "lib/report/html_environment.h"

#include <algorithm>

#include "lib/cli/clock.h"
#include "lib/report/performance_words.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

// Versions that the results recorded: a client's version is only known to the tool that used it.
std::string client_versions(const Summary& summary, const std::string& run_id) {
  std::vector<std::string> seen;
  for (const Row& row : summary.rows) {
    for (const Step& step : row.steps) {
      const Result& result = step.result;
      if (result.run_id != run_id || result.client_version.empty()) continue;
      const std::string text = result.client + " " + result.client_version;
      if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
    }
  }
  return joined(seen);
}

data run_data(const Summary& summary, const Run& run) {
  const Machine& machine = run.machine;
  const std::string cluster = run.cluster_id.empty() ? "unknown" : run.cluster_id;
  list facts{fact("Broker product", run.broker.product),
             fact("Broker build", run.broker.build),
             fact("Cluster id", cluster),
             fact("Addresses", joined(run.brokers)),
             fact("Clients", joined(run.clients)),
             fact("Client versions", client_versions(summary, run.run_id)),
             fact("Stage", std::string(to_string(run.stage))),
             fact("Toolkit", run.toolkit),
             fact("Started", date_text(run.started_at_ns)),
             fact("Machine", machine.host),
             fact("System", machine.os + ", " + machine.kernel),
             fact("Processors", std::to_string(machine.cpus)),
             fact("Memory", bytes_text(static_cast<double>(machine.memory_bytes)))};
  if (!run.commit.empty()) facts.emplace_back(fact("Commit", run.commit));
  if (!run.seed.empty()) facts.emplace_back(fact("Seed", run.seed));
  if (!run.interrupted.empty()) facts.emplace_back(fact("Interrupted", run.interrupted));
  return object{{"run_id", run.run_id}, {"facts", facts}};
}

}  // namespace

object fact(const char* name, const std::string& value) {
  return {{"name", name}, {"value", value.empty() ? "unknown" : value}};
}

// 2026-01-31 12:00:00 UTC
std::string date_text(std::int64_t wall_ns) {
  std::string text = cli::format_rfc3339(wall_ns);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text.substr(0, text.find('.')) + " UTC";
}

list runs_data(const Summary& summary) {
  list out;
  for (const Run& run : summary.runs) out.push_back(run_data(summary, run));
  return out;
}

}  // namespace ks::report
