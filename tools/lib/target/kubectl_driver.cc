#include "lib/target/kubectl_driver.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "lib/target/run_command.h"

namespace ks::target {
namespace {

using cli::Result;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* kKind = "statefulset/";
constexpr const char* kAnnotation = "ks-restart/replicas";

tl::unexpected<cli::Error> not_understood(const Json::exception& malformed) {
  return cli::fail("what kubectl says is not understood", malformed.what());
}

Words deletion(const Order& order) {
  Words words{"delete", "pod"};
  words.insert(words.end(), order.nodes.begin(), order.nodes.end());
  words.emplace_back("--wait=false");
  if (order.verb != Verb::kRestart) words.insert(words.end(), {"--grace-period=0", "--force"});
  return words;
}

bool is_true(const Json& condition, const char* type) {
  return condition.at("type") == type && condition.at("status") == "True";
}

Sight to_sight(const Json& pod) {
  Sight sight{NodeState::kRunning, "pod", pod.at("metadata").at("uid"),
              pod.at("status").value("startTime", "")};
  const Json conditions = pod.at("status").value("conditions", Json::array());
  sight.is_ready = std::ranges::any_of(
      conditions, [](const Json& condition) { return is_true(condition, "Ready"); });
  return sight;
}

}  // namespace

KubectlDriver::KubectlDriver(Driver driver, const DriverBounds& bounds)
    : driver_(std::move(driver)), bounds_(bounds), kubectl_{"kubectl"} {
  if (!driver_.context.empty()) kubectl_.insert(kubectl_.end(), {"--context", driver_.context});
  kubectl_.insert(kubectl_.end(), {"-n", driver_.name_space});
}

Result<std::unique_ptr<BrokerDriver>> KubectlDriver::make(const Driver& driver,
                                                          const DriverBounds& bounds) {
  if (driver.name_space.empty() || !driver.workload.starts_with(kKind)) {
    return cli::fail(
        "the kubectl driver needs driver.namespace, and as driver.workload a "
        "StatefulSet: the pods of others have no lasting names",
        "profile", "write workload: statefulset/NAME");
  }
  if (find_program("kubectl").empty()) {
    return cli::fail("there is no kubectl here", "PATH", "install Kubernetes' command line");
  }
  return std::unique_ptr<BrokerDriver>(new KubectlDriver(driver, bounds));
}

Result<std::string> KubectlDriver::run(const Words& arguments, const Patience& patience) const {
  Words argv = kubectl_;
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return run_program(argv, patience);
}

Result<KubectlDriver::Workload> KubectlDriver::workload() const {
  const auto text = run({"get", driver_.workload, "-o", "json"}, {deadline(), {}});
  if (!text) return tl::make_unexpected(text.error());
  try {
    const Json item = Json::parse(*text);
    const Json& spec = item.at("spec");
    const Json& status = item.at("status");
    Workload out;
    out.wanted = spec.value("replicas", std::size_t{1});
    if (spec.contains("ordinals")) out.first = spec.at("ordinals").value("start", std::size_t{0});
    out.size = {status.value("replicas", std::size_t{0}),
                status.value("readyReplicas", std::size_t{0})};
    out.has_volumes = !spec.value("volumeClaimTemplates", Json::array()).empty();
    const Json notes = item.at("metadata").value("annotations", Json::object());
    const std::string before = notes.value(kAnnotation, "");
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(before.data(), before.data() + before.size(), count);
    if (error == std::errc() && end == before.data() + before.size()) out.before = count;
    return out;
  } catch (const Json::exception& malformed) {
    return not_understood(malformed);
  }
}

Result<Nodes> KubectlDriver::nodes() {
  const auto now = workload();
  if (!now) return tl::make_unexpected(now.error());
  const std::size_t count = now->wanted > 0 ? now->wanted : now->before.value_or(0);
  const std::string name = driver_.workload.substr(driver_.workload.find('/') + 1) + "-";
  Nodes nodes;
  for (std::size_t i = 0; i < count; ++i) nodes.push_back(name + std::to_string(now->first + i));
  return nodes;
}

Result<std::vector<wire::Address>> KubectlDriver::addresses(const Nodes& /*nodes*/) const {
  return std::vector<wire::Address>{};
}

bool KubectlDriver::has(Verb verb) const {
  return verb != Verb::kPause && verb != Verb::kContinue && verb != Verb::kStatus;
}

bool KubectlDriver::brings_back(Verb verb) const {
  return verb == Verb::kKill || verb == Verb::kRestart || verb == Verb::kReplace ||
         verb == Verb::kRolling;
}

Words KubectlDriver::scaling(std::size_t count) const {
  return {"scale", driver_.workload, "--replicas=" + std::to_string(count)};
}

// What is done to the whole StatefulSet.
Result<void> KubectlDriver::check_all(const Order& order, const Workload& workload) const {
  const std::size_t all = workload.wanted > 0 ? workload.wanted : workload.before.value_or(0);
  if (order.verb != Verb::kScale && order.nodes.size() < all) {
    return cli::fail("Kubernetes does that to all pods or none", driver_.workload,
                     "name no nodes, or use kill or restart");
  }
  if (order.verb == Verb::kStart && workload.wanted == 0 && !workload.before) {
    return cli::fail("nobody wrote down how many pods there were", driver_.workload,
                     "say it: scale N");
  }
  if (order.verb == Verb::kRolling) {
    const auto allowed = run({"auth", "can-i", "patch", driver_.workload}, {deadline(), {}});
    if (allowed) return {};
    return cli::fail("no permission for a rolling restart", driver_.workload,
                     allowed.error().action);
  }
  const std::size_t count = order.verb == Verb::kScale ? order.count : workload.wanted;
  Words words = scaling(count);
  words.emplace_back("--dry-run=server");
  const auto allowed = run(words, {deadline(), {}});
  if (!allowed) return tl::make_unexpected(allowed.error());
  return {};
}

// The server is asked to do it without doing it: that meets every permission and rule there is.
Result<void> KubectlDriver::check(const Order& order) {
  if (!has(order.verb)) {
    return no_such_order("kubectl", order.verb,
                         "Kubernetes cannot do that to a pod; ks-fault can cut its network");
  }
  const auto now = workload();
  if (!now) return tl::make_unexpected(now.error());
  if (order.verb == Verb::kReplace && now->has_volumes) {
    return cli::fail("its pods have volumes that outlive them: another pod has the same data",
                     driver_.workload, "replace only what is stateless; use kill");
  }
  if (!brings_back(order.verb) || order.verb == Verb::kRolling) return check_all(order, *now);
  Words words = deletion(order);
  words.emplace_back("--dry-run=server");
  const auto allowed = run(words, {deadline(), {}});
  if (!allowed) return tl::make_unexpected(allowed.error());
  return {};
}

Result<void> KubectlDriver::stop(const Patience& patience) const {
  const auto now = workload();
  if (!now) return tl::make_unexpected(now.error());
  if (now->wanted == 0) return {};
  const std::string note = std::string(kAnnotation) + "=" + std::to_string(now->wanted);
  auto ran = run({"annotate", driver_.workload, note, "--overwrite"}, patience);
  if (ran) ran = run(scaling(0), patience);
  if (!ran) return tl::make_unexpected(ran.error());
  return {};
}

Result<void> KubectlDriver::give(const Order& order, const Patience& patience) {
  Words words;
  switch (order.verb) {
    case Verb::kStop:
      return stop(patience);
    case Verb::kStart: {
      const auto now = workload();
      if (!now) return tl::make_unexpected(now.error());
      if (now->wanted > 0) return {};
      words = scaling(now->before.value_or(0));
      break;
    }
    case Verb::kScale:
      words = scaling(order.count);
      break;
    case Verb::kRolling:
      if (auto begun = run({"rollout", "restart", driver_.workload}, patience); !begun) {
        return tl::make_unexpected(begun.error());
      }
      // That it takes too long is no error: what has become of the pods is looked at anyway.
      static_cast<void>(
          run({"rollout", "status", driver_.workload,
               "--timeout=" + std::to_string(cli::remaining_ms(patience.deadline)) + "ms"},
              patience));
      return {};
    default:
      words = deletion(order);
  }
  const auto ran = run(words, patience);
  if (!ran) return tl::make_unexpected(ran.error());
  return {};
}

Result<std::vector<Sight>> KubectlDriver::look(const Nodes& nodes) {
  std::vector<Sight> sights(nodes.size(), Sight{NodeState::kStopped, "pod", {}, {}});
  if (nodes.empty()) return sights;
  Words words{"get", "pods"};
  words.insert(words.end(), nodes.begin(), nodes.end());
  words.insert(words.end(), {"--ignore-not-found", "-o", "json"});
  const auto text = run(words, {deadline(), {}});
  if (!text) return tl::make_unexpected(text.error());
  if (text->find('{') == std::string::npos) return sights;  // none of them is there
  try {
    const Json answer = Json::parse(*text);
    // One name: the pod itself; several: a list of those that are there.
    const Json pods = answer.contains("items") ? answer.at("items") : Json::array({answer});
    for (const Json& pod : pods) {
      const auto node = std::ranges::find(nodes, pod.at("metadata").at("name").get<std::string>());
      if (node == nodes.end()) continue;
      sights[static_cast<std::size_t>(node - nodes.begin())] = to_sight(pod);
    }
  } catch (const Json::exception& malformed) {
    return not_understood(malformed);
  }
  return sights;
}

Result<std::optional<Size>> KubectlDriver::size() {
  const auto now = workload();
  if (!now) return tl::make_unexpected(now.error());
  return now->size;
}

}  // namespace ks::target
