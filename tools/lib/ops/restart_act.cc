#include "lib/cli/log.h"
#include "lib/ops/restart_verbs.h"

namespace ks::ops {
namespace {

void record(const target::Effect& effect, report::Result& result) {
  result.metrics.insert(effect.metrics.begin(), effect.metrics.end());
  result.metrics["nodes"] = static_cast<double>(effect.events.size());
  result.data = nlohmann::ordered_json::array();
  for (const target::NodeEvent& event : effect.events) {
    result.data.push_back({{"node", event.node},
                           {"event", event.event},
                           {"changed", event.changed},
                           {"confirmed", event.confirmed},
                           {"detail", event.detail},
                           {"at", cli::format_rfc3339(event.at_ns)}});
    if (event.confirmed) {
      cli::log_info(event.node + " " + event.event + ": " + event.detail);
    } else {
      result.lower_to(report::Status::kInconclusive,
                      event.node + " not confirmed as " + event.event + ": " + event.detail);
    }
  }
}

}  // namespace

cli::Result<void> act(tool::Session& session, target::BrokerDriver& driver, const std::string& verb,
                      const std::vector<std::string>& nodes) {
  const auto effect = verb == "stop"    ? driver.stop(nodes)
                      : verb == "kill"  ? driver.kill(nodes)
                      : verb == "start" ? driver.start(nodes)
                                        : driver.restart(nodes, session.has("hard"));
  if (!effect) return tl::make_unexpected(effect.error());
  record(*effect, session.result);
  return {};
}

}  // namespace ks::ops
