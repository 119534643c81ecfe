// Brokers in containers and pods: what their engines know of them.
#include <fstream>
#include <iterator>

#include "lib/cli/units.h"
#include "lib/target/run_command.h"
#include "lib/target/usage_reader.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;
using cli::Result;
using Words = std::vector<std::string>;

constexpr const char* kProc = "/proc";

std::string without_line_end(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

// What the script says that `argv` runs inside.
NodeUsage read_inside(Words argv, const std::string& instance, cli::Deadline deadline) {
  argv.insert(argv.end(), {"sh", "-c", kUsageScript});
  const auto output = run_program(argv, {deadline, {}});
  if (!output) return {{}, {}, output.error().message()};
  auto read = parse_usage_script(*output);
  if (!read) return {{}, {}, "no control group is seen inside of it"};
  return {instance + read->started, read->usage, {}};
}

// A container on this machine is read from outside, for nothing; one of an engine elsewhere by a
// shell in it, if it has one.
class ContainerReader : public UsageReader {
 public:
  ContainerReader(std::string node, FindContainer find)
      : UsageReader(std::move(node)), find_(std::move(find)) {}

  NodeUsage read(cli::Deadline deadline) override {
    if (!process_ || !is_alive(*process_)) {
      if (const std::string problem = look(deadline); !problem.empty()) return {{}, {}, problem};
    }
    if (!process_) return read_inside({"docker", "exec", id_}, id_ + " ", deadline);
    const auto files = read_cgroup(cgroup_);
    if (!files) return {{}, {}, "cannot read its control group: " + cgroup_.string()};
    NodeUsage out{id_ + " " + process_->text(), usage_of_cgroup(*files), {}};
    const Usage of_process = usage_of_process(kProc, process_->pid);
    out.usage.received_bytes = of_process.received_bytes;
    out.usage.sent_bytes = of_process.sent_bytes;
    out.usage.is_network_own = of_process.is_network_own;
    return out;
  }

  bool is_here() const override { return process_.has_value(); }

 private:
  // Why it is not found; empty where it is.
  std::string look(cli::Deadline deadline) {
    process_.reset();
    const auto found = find_();
    if (!found) return found.error().message();
    if (found->empty()) return "no container of it runs";
    const auto said = run_program(
        {"docker", "inspect", "--format", "{{.Id}} {{.State.Pid}}", *found}, {deadline, {}});
    if (!said) return said.error().message();
    const std::string text = without_line_end(*said);
    const auto pid = cli::parse_count(text.substr(text.find(' ') + 1));
    id_ = text.substr(0, text.find(' '));
    if (!pid || *pid == 0) return "container " + *found + " does not run";
    // The number is of the engine's machine. Only where the control group is the container's is
    // that this one.
    cgroup_ = cgroup_of(kProc, static_cast<pid_t>(*pid));
    if (cgroup_.string().find(id_) != std::string::npos) {
      process_ = find_process(static_cast<pid_t>(*pid));
    }
    return {};
  }

  FindContainer find_;
  std::string id_;
  fs::path cgroup_;
  std::optional<ProcessId> process_;
};

class PodReader : public UsageReader {
 public:
  PodReader(std::string pod, const Driver& driver) : UsageReader(std::move(pod)) {
    if (!driver.context.empty()) exec_.insert(exec_.end(), {"--context", driver.context});
    exec_.insert(exec_.end(), {"-n", driver.name_space, "exec", node(), "--"});
  }

  NodeUsage read(cli::Deadline deadline) override { return read_inside(exec_, "", deadline); }
  bool is_here() const override { return false; }

 private:
  Words exec_{"kubectl"};
};

}  // namespace

std::unique_ptr<UsageReader> make_container_reader(std::string node, FindContainer find) {
  return std::make_unique<ContainerReader>(std::move(node), std::move(find));
}

std::unique_ptr<UsageReader> make_pod_reader(std::string pod, const Driver& driver) {
  return std::make_unique<PodReader>(std::move(pod), driver);
}

}  // namespace ks::target
