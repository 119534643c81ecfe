#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What processes and control groups have used, as Linux tells it. What cannot be read is absent,
// never 0. Counters count from the begin of what is read.
namespace ks::target {

struct Usage {
  std::optional<double> cpu_s;               // user and system
  std::optional<double> memory_bytes;        // resident now; of a control group its working set
  std::optional<double> disk_read_bytes;     // that reached the disk
  std::optional<double> disk_write_bytes;    // that will reach it
  std::optional<double> received_bytes;      // of its network namespace, or of the machine
  std::optional<double> sent_bytes;          // the same
  std::optional<double> throttled_s;         // of a control group: kept from running by its limit
  std::optional<double> memory_limit_bytes;  // of a control group; absent: none
  std::optional<double> cpu_limit_cores;     // the same
  bool is_network_own = false;               // the network's figures are of nobody else
};

// A process and everything below it. `proc` is /proc, or what a test has in its place.
// REQUIRES: the process is there; of one that ended meanwhile figures are absent.
Usage usage_of_process(const std::filesystem::path& proc, pid_t root);

// The files of a control group by their names, whichever version it has.
using CgroupFiles = std::map<std::string, std::string>;
Usage usage_of_cgroup(const CgroupFiles& files);

// Those of a control group folder; of version 1 also of the same folder under the other
// controllers (/sys/fs/cgroup/memory/x stands for all of x). Fails where it has none of them.
std::optional<CgroupFiles> read_cgroup(const std::filesystem::path& dir);

// The control group that a process is in; empty where that cannot be told.
std::filesystem::path cgroup_of(const std::filesystem::path& proc, pid_t pid);

// A shell script that prints a control group's files as seen from inside of a container, and how
// to read what it printed. `started` tells one start of the container from another.
extern const char* const kUsageScript;
struct ScriptUsage {
  Usage usage;
  std::string started;
};
std::optional<ScriptUsage> parse_usage_script(const std::string& output);

// Of /proc/net/dev: all interfaces, without the loopback where the namespace is somebody's own.
void take_network(std::string_view net_dev, bool is_own, Usage& usage);

// The whole machine.
struct MachineUsage {
  std::optional<double> cpu_s;     // of all processors, whoever used them
  std::optional<double> stolen_s;  // that the host gave to others
};
MachineUsage usage_of_machine(const std::filesystem::path& proc);

}  // namespace ks::target
