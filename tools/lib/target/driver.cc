#include "lib/target/driver.h"

#include "lib/target/command_driver.h"
#include "lib/target/compose_driver.h"
#include "lib/target/kubectl_driver.h"
#include "lib/target/process_driver.h"

namespace ks::target {

std::string_view to_string(Verb verb) {
  switch (verb) {
    case Verb::kStop:
      return "stop";
    case Verb::kKill:
      return "kill";
    case Verb::kPause:
      return "pause";
    case Verb::kContinue:
      return "continue";
    case Verb::kStart:
      return "start";
    case Verb::kRestart:
      return "restart";
    case Verb::kReplace:
      return "replace";
    case Verb::kRolling:
      return "rolling";
    case Verb::kScale:
      return "scale";
    case Verb::kStatus:
      break;
  }
  return "status";
}

std::string_view to_string(NodeState state) {
  switch (state) {
    case NodeState::kAnswers:
      return "answers";
    case NodeState::kRunning:
      return "running";
    case NodeState::kPaused:
      return "paused";
    case NodeState::kStopped:
      break;
  }
  return "stopped";
}

tl::unexpected<cli::Error> no_such_order(const std::string& driver, Verb verb,
                                         const std::string& action) {
  return cli::fail("the " + driver + " driver has no " + std::string(to_string(verb)), "driver",
                   action);
}

cli::Result<std::unique_ptr<BrokerDriver>> make_driver(const Profile& profile,
                                                       const DriverBounds& bounds) {
  const Driver& driver = profile.driver;
  const auto& brokers = driver.brokers.empty() ? profile.brokers : driver.brokers;
  if (driver.kind == "compose") return ComposeDriver::make(driver, brokers, bounds);
  if (driver.kind == "kubectl") return KubectlDriver::make(driver, bounds);
  if (driver.kind == "commands") {
    return std::make_unique<CommandDriver>(brokers, driver.commands);
  }
  if (driver.kind == "none") {
    return std::make_unique<CommandDriver>(profile.brokers, std::map<std::string, std::string>{});
  }
  if (driver.dir.empty()) {
    return cli::fail("the process driver has no cluster folder", "profile " + profile.name,
                     "set KS_DRIVER_DIR or give --driver-dir");
  }
  return std::make_unique<ProcessDriver>(driver.dir, bounds);
}

}  // namespace ks::target
