#include "lib/target/usage_reader.h"

#include "lib/target/driver.h"
#include "lib/target/node_folder.h"
#include "lib/target/port.h"
#include "lib/wire/address.h"

namespace ks::target {
namespace {

using cli::Result;
using FindProcess = std::function<std::optional<ProcessId>()>;

constexpr const char* kProc = "/proc";

class ProcessReader : public UsageReader {
 public:
  ProcessReader(std::string node, FindProcess find)
      : UsageReader(std::move(node)), find_(std::move(find)) {}

  NodeUsage read(cli::Deadline /*deadline*/) override {
    if (!process_ || !is_alive(*process_)) process_ = find_();
    if (!process_) return {{}, {}, "no process of it is seen"};
    NodeUsage out{process_->text(), usage_of_process(kProc, process_->pid), {}};
    if (!out.usage.cpu_s) out.problem = "process " + process_->text() + " cannot be read";
    return out;
  }

 private:
  FindProcess find_;
  std::optional<ProcessId> process_;
};

class CgroupReader : public UsageReader {
 public:
  explicit CgroupReader(const std::string& dir) : UsageReader(dir) {}

  NodeUsage read(cli::Deadline /*deadline*/) override {
    const auto files = read_cgroup(node());
    if (!files) return {{}, {}, "no control group is there"};
    return {node(), usage_of_cgroup(*files), {}};
  }
};

Result<void> add_nodes(const Profile& profile, BrokerDriver& driver, UsageReaders& out) {
  const auto nodes = driver.nodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  for (const std::string& node : *nodes) {
    out.push_back(std::make_unique<ProcessReader>(
        node, [dir = profile.driver.dir, node]() -> std::optional<ProcessId> {
          const auto folder = NodeFolder::open(dir, node);
          return folder ? folder->running() : std::nullopt;
        }));
  }
  return {};
}

Result<void> add_services(const std::shared_ptr<BrokerDriver>& driver, UsageReaders& out) {
  const auto nodes = driver->nodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  for (const std::string& node : *nodes) {
    out.push_back(make_container_reader(node, [driver, node]() -> Result<std::string> {
      const auto sights = driver->look({node});
      if (!sights) return tl::make_unexpected(sights.error());
      return sights->front().state == NodeState::kStopped ? "" : sights->front().id;
    }));
  }
  return {};
}

Result<void> add_pods(const Profile& profile, BrokerDriver& driver, UsageReaders& out) {
  const auto nodes = driver.nodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  for (const std::string& node : *nodes) out.push_back(make_pod_reader(node, profile.driver));
  return {};
}

bool is_this_machine(const wire::Address& address) {
  return address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
}

// Whoever listens there. One that is in a container of its own is seen only by its engine.
Result<void> add_listeners(const Profile& profile, UsageReaders& out) {
  const auto& own = profile.driver.brokers;
  for (const std::string& text : own.empty() ? profile.brokers : own) {
    const auto address = wire::parse_address(text);
    if (!address) return tl::make_unexpected(address.error());
    const auto find = [port = address->port]() -> std::optional<ProcessId> {
      const auto holder = find_port_holder(port, 0);
      return holder && holder->pid != 0 ? find_process(holder->pid) : std::nullopt;
    };
    if (!is_this_machine(*address) || !find()) continue;
    out.push_back(std::make_unique<ProcessReader>(text, find));
  }
  if (!out.empty()) return {};
  return cli::fail("the brokers' resources cannot be read from here", "profile " + profile.name,
                   "give the profile a driver, or --pid, --cgroup or --container");
}

void add_named(const UsagePlan& plan, UsageReaders& out) {
  for (const pid_t pid : plan.pids) {
    // A number that another process gets later is none of ours.
    out.push_back(std::make_unique<ProcessReader>(
        "pid " + std::to_string(pid), [pid, first = find_process(pid)] {
          return first && is_alive(*first) ? first : std::nullopt;
        }));
  }
  for (const std::string& dir : plan.cgroups) out.push_back(std::make_unique<CgroupReader>(dir));
  for (const std::string& name : plan.containers) {
    out.push_back(make_container_reader(name, [name] { return Result<std::string>(name); }));
  }
}

}  // namespace

Result<UsageReaders> make_usage_readers(const UsagePlan& plan, const Profile& profile) {
  UsageReaders out;
  add_named(plan, out);
  if (!out.empty()) return out;
  const std::string& kind = profile.driver.kind;
  if (kind == "none" || kind == "commands") {
    if (auto ok = add_listeners(profile, out); !ok) return tl::make_unexpected(ok.error());
    return out;
  }
  auto driver = make_driver(profile, {});
  if (!driver) return tl::make_unexpected(driver.error());
  const std::shared_ptr<BrokerDriver> shared(std::move(*driver));
  const auto added = kind == "compose"   ? add_services(shared, out)
                     : kind == "kubectl" ? add_pods(profile, *shared, out)
                                         : add_nodes(profile, *shared, out);
  if (!added) return tl::make_unexpected(added.error());
  return out;
}

}  // namespace ks::target
