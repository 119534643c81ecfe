#include "lib/ops/node_events.h"
#include "lib/ops/restart_commands.h"
#include "lib/target/port.h"
#include "lib/target/wait.h"

namespace ks::ops {
namespace {

using target::NodeState;

struct Status {
  std::string node;
  NodeState state = NodeState::kStopped;
  std::string id;       // of what runs there; empty: nothing, or not known
  std::string address;  // empty: none to be reached from here
};

// What the driver sees, and beyond that whether it answers.
Status status_of(const WatchedNode& node, const wire::Access& access, cli::Deadline deadline) {
  Status status{node.name, node.before.state.value_or(NodeState::kStopped), {}, {}};
  if (status.state != NodeState::kStopped) status.id = node.before.id;
  if (!node.address) {
    if (node.before.is_ready) status.state = NodeState::kAnswers;
    return status;
  }
  status.address = node.address->text();
  const bool may_answer = status.state == NodeState::kRunning || !node.before.state;
  if (may_answer && target::answers_api_versions(*node.address, access, deadline)) {
    status.state = NodeState::kAnswers;
  } else if (!node.before.state && target::accepts_connections(*node.address, deadline)) {
    status.state = NodeState::kRunning;
  }
  return status;
}

std::string line_of(const Status& status) {
  std::string line = status.node + " " + (status.id.empty() ? "-" : status.id) + " " +
                     std::string(target::to_string(status.state));
  return status.address.empty() ? line : line + " " + status.address;
}

// By its engine, or node by node.
bool is_scalable(const target::BrokerDriver& driver, const target::Nodes& nodes) {
  const bool by_node = driver.has(target::Verb::kStart) && driver.has(target::Verb::kStop);
  return driver.has(target::Verb::kScale) || (by_node && nodes.size() > 1);
}

}  // namespace

cli::Result<void> show_status(tool::Session& session, target::BrokerDriver& driver,
                              const target::Nodes& nodes) {
  const cli::Deadline deadline = session.deadline();
  if (driver.has(target::Verb::kStatus)) {
    auto told = driver.give({target::Verb::kStatus, nodes}, {deadline, {}});
    if (!told) return told;
  }
  const auto watch = NodeWatch::begin(driver, nodes, access_of(session), deadline);
  if (!watch) return tl::make_unexpected(watch.error());
  double running = 0;
  double answering = 0;
  std::string silent;
  session.result.data = nlohmann::ordered_json::array();
  for (const WatchedNode& node : watch->nodes()) {
    const Status status = status_of(node, access_of(session), deadline);
    running += status.state != NodeState::kStopped ? 1 : 0;
    answering += status.state == NodeState::kAnswers ? 1 : 0;
    const std::string state(target::to_string(status.state));
    if (status.state != NodeState::kAnswers) {
      silent.append(" ").append(status.node).append(" is ").append(state);
    }
    session.print(line_of(status));
    session.result.data.push_back(
        {{"node", status.node}, {"id", status.id}, {"state", state}, {"address", status.address}});
  }
  session.result.metrics["nodes"] = static_cast<double>(nodes.size());
  session.result.metrics["nodes_running"] = running;
  session.result.metrics["restartable"] = session.profile.driver.kind == "none" ? 0 : 1;
  session.result.metrics["scalable"] = is_scalable(driver, nodes) ? 1 : 0;
  session.result.metrics["pausable"] = driver.has(target::Verb::kPause) ? 1 : 0;
  session.result.metrics["nodes_answering"] = answering;
  if (!silent.empty() && !session.judges("nodes_answering")) {
    session.result.lower_to(report::Status::kFail, "not every node answers:" + silent);
  }
  return {};
}

cli::Result<void> wait_ready(tool::Session& session, target::BrokerDriver& driver,
                             const target::Nodes& nodes) {
  const std::int64_t begun = cli::monotonic_ns();
  const cli::Deadline deadline = session.deadline();
  auto watch = NodeWatch::begin(driver, nodes, access_of(session), deadline);
  if (!watch) return tl::make_unexpected(watch.error());
  const bool ready = target::wait_until([&] { return watch->look(Goal::kUp, deadline); }, deadline,
                                        driver.interval());
  const Effect effect = up_effect(*watch, "ready", begun, nodes, driver);
  session.result.metrics.insert(effect.metrics.begin(), effect.metrics.end());
  session.result.metrics["nodes"] = static_cast<double>(nodes.size());
  if (ready) return {};
  for (const NodeEvent& event : effect.events) {
    if (event.confirmed) continue;
    return cli::fail("broker is not ready", event.detail,
                     "is it running, and is the address right?");
  }
  return {};
}

}  // namespace ks::ops
