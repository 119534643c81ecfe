#include "lib/ops/restart_verbs.h"
#include "lib/target/readiness.h"
#include "lib/target/wait.h"

namespace ks::ops {
namespace {

std::string status_line(const target::NodeStatus& status) {
  const std::string pid = status.pid == 0 ? "-" : std::to_string(status.pid);
  return status.node + " " + pid + " " + std::string(target::to_string(status.state)) + " " +
         status.address;
}

}  // namespace

cli::Result<void> show_status(tool::Session& session, target::BrokerDriver& driver,
                              const std::vector<std::string>& nodes) {
  const auto list = driver.status(nodes);
  if (!list) return tl::make_unexpected(list.error());
  double running = 0;
  double answering = 0;
  std::string silent;
  session.result.data = nlohmann::ordered_json::array();
  for (const target::NodeStatus& status : *list) {
    running += status.state != target::NodeState::kStopped ? 1 : 0;
    answering += status.state == target::NodeState::kAnswers ? 1 : 0;
    const std::string state(target::to_string(status.state));
    if (status.state != target::NodeState::kAnswers) {
      silent.append(" ").append(status.node).append(" is ").append(state);
    }
    session.print(status_line(status));
    session.result.data.push_back({{"node", status.node},
                                   {"pid", status.pid},
                                   {"state", state},
                                   {"address", status.address}});
  }
  session.result.metrics["nodes"] = static_cast<double>(list->size());
  session.result.metrics["nodes_running"] = running;
  session.result.metrics["restartable"] = session.profile.driver.kind == "none" ? 0 : 1;
  session.result.metrics["nodes_answering"] = answering;
  if (!silent.empty()) {
    session.result.lower_to(report::Status::kFail, "not every node answers:" + silent);
  }
  return {};
}

cli::Result<void> wait_ready(tool::Session& session, const target::BrokerDriver& driver,
                             const std::vector<std::string>& nodes, const wire::Access& access) {
  const auto addresses = driver.addresses(nodes);
  if (!addresses) return tl::make_unexpected(addresses.error());
  const cli::Deadline deadline = session.deadline();
  target::ReadinessWatch watch(*addresses, access);
  const bool ready = target::wait_until([&] { return watch.all_answer(deadline); }, deadline);
  session.result.metrics = watch.metrics();
  session.result.metrics["nodes"] = static_cast<double>(addresses->size());
  if (ready) return {};
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    if (watch.answers(i)) continue;
    return cli::fail("broker is not ready", watch.missing(i),
                     "is it running, and is the address right?");
  }
  return {};
}

}  // namespace ks::ops
