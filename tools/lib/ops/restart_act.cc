#include "lib/cli/log.h"
#include "lib/ops/restart_commands.h"

namespace ks::ops {
namespace {

// The wall clock's time of a moment of the monotonic one, of this process.
std::string when(std::int64_t monotonic_ns) {
  return cli::format_rfc3339(cli::wall_ns() - (cli::monotonic_ns() - monotonic_ns));
}

void record(const Effect& effect, report::Result& result) {
  result.metrics.insert(effect.metrics.begin(), effect.metrics.end());
  result.metrics["nodes"] = static_cast<double>(effect.events.size());
  result.data = nlohmann::ordered_json::array();
  for (const NodeEvent& event : effect.events) {
    nlohmann::ordered_json row{{"node", event.node},       {"event", event.event},
                               {"changed", event.changed}, {"confirmed", event.confirmed},
                               {"detail", event.detail},   {"begun_at", when(event.begun_ns)}};
    if (event.gone_ns) row["gone_at"] = when(*event.gone_ns);
    if (event.up_ns) row["up_at"] = when(*event.up_ns);
    result.data.push_back(std::move(row));
    if (event.confirmed) {
      cli::log_info(event.node + " " + event.event + ": " + event.detail);
    } else {
      result.lower_to(report::Status::kInconclusive,
                      event.node + " not confirmed as " + event.event + ": " + event.detail);
    }
  }
}

}  // namespace

cli::Result<void> act(tool::Session& session, target::BrokerDriver& driver,
                      const VerbRequest& request) {
  auto faults = FaultLog::open(session);
  if (!faults) return tl::make_unexpected(faults.error());
  const wire::Access access = access_of(session);
  Verbs verbs(driver, access, session.timeout, *faults);
  const auto effect = verbs.perform(request);
  if (auto closed = faults->close(); !closed) return closed;
  if (!effect) return tl::make_unexpected(effect.error());
  record(*effect, session.result);
  return {};
}

}  // namespace ks::ops
