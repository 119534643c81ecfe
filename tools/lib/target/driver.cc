#include "lib/target/driver.h"

#include <algorithm>

#include "lib/target/command_driver.h"
#include "lib/target/process_driver.h"

namespace ks::target {
namespace {

// Went down, came up: one event a node, in the order of `nodes`.
Effect joined(const Effect& down, const Effect& up) {
  Effect effect;
  for (std::size_t i = 0; i < down.events.size(); ++i) {
    const NodeEvent& stopped = down.events[i];
    NodeEvent event = up.events[i];
    event.event = "restarted";
    if (!stopped.changed) {
      event.confirmed = false;
      event.detail = "was not running before: started, not restarted";
    } else {
      event.detail = stopped.detail + "; " + event.detail;
    }
    effect.events.push_back(std::move(event));
  }
  effect.metrics = down.metrics;
  effect.metrics.insert(up.metrics.begin(), up.metrics.end());
  return effect;
}

}  // namespace

bool Effect::confirmed() const {
  return std::all_of(events.begin(), events.end(), [](const auto& e) { return e.confirmed; });
}

std::string_view to_string(NodeState state) {
  switch (state) {
    case NodeState::kAnswers:
      return "answers";
    case NodeState::kRunning:
      return "running";
    case NodeState::kStopped:
      break;
  }
  return "stopped";
}

cli::Result<Effect> BrokerDriver::restart(const Nodes& nodes, bool hard) {
  auto down = hard ? kill(nodes) : stop(nodes);
  if (!down) return down;
  const bool still_up = std::any_of(down->events.begin(), down->events.end(),
                                    [](const auto& e) { return e.changed && !e.confirmed; });
  if (still_up) return down;
  auto up = start(nodes);
  if (!up) return up;
  return joined(*down, *up);
}

cli::Result<std::unique_ptr<BrokerDriver>> make_driver(const Profile& profile,
                                                       const DriverBounds& bounds) {
  if (profile.driver.kind != "process") {
    const Driver& driver = profile.driver;
    return std::make_unique<CommandDriver>(
        driver.kind != "commands" || driver.brokers.empty() ? profile.brokers : driver.brokers,
        driver.commands, bounds);
  }
  if (profile.driver.dir.empty()) {
    return cli::fail("the process driver has no cluster folder", "profile " + profile.name,
                     "set KS_DRIVER_DIR or give --driver-dir");
  }
  return std::make_unique<ProcessDriver>(profile.driver.dir, bounds);
}

}  // namespace ks::target
