#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>

#include "lib/cli/units.h"
#include "lib/target/process.h"
#include "lib/target/usage.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;

constexpr double kNsPerS = 1e9;
constexpr double kUsPerS = 1e6;
// Version 1 says "none" by a number near 2^63.
constexpr double kNoLimit = 1e18;

// Version 2's, then version 1's under the controllers that have them.
constexpr std::array kUnified{"cpu.stat",    "cpu.max",    "memory.current",
                              "memory.stat", "memory.max", "io.stat"};
constexpr std::array<std::pair<const char*, const char*>, 8> kSplit{
    {{"cpuacct", "cpuacct.usage"},
     {"cpu", "cpu.stat"},
     {"cpu", "cpu.cfs_quota_us"},
     {"cpu", "cpu.cfs_period_us"},
     {"memory", "memory.usage_in_bytes"},
     {"memory", "memory.stat"},
     {"memory", "memory.limit_in_bytes"},
     {"blkio", "blkio.throttle.io_service_bytes"}}};

std::optional<double> number(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  const auto value = cli::parse_number(text);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<double> whole(const CgroupFiles& files, const char* name) {
  const auto file = files.find(name);
  return file == files.end() ? std::nullopt : number(file->second);
}

// "KEY NUMBER" in a file of such lines.
std::optional<double> field(const CgroupFiles& files, const char* name, const std::string& key) {
  const auto file = files.find(name);
  if (file == files.end()) return std::nullopt;
  std::istringstream in(file->second);
  std::string word, value;
  while (in >> word >> value) {
    if (word == key) return number(value);
  }
  return std::nullopt;
}

std::optional<double> either(std::optional<double> a, std::optional<double> b) { return a ? a : b; }

std::optional<double> divided(std::optional<double> value, double by) {
  return value ? std::optional(*value / by) : std::nullopt;
}

// What is only cached and could go at once is not what the group needs.
std::optional<double> working_set(const CgroupFiles& files) {
  if (const auto now = whole(files, "memory.current")) {
    return std::max(0.0, *now - field(files, "memory.stat", "inactive_file").value_or(0));
  }
  if (const auto now = whole(files, "memory.usage_in_bytes")) {
    return std::max(0.0, *now - field(files, "memory.stat", "total_inactive_file").value_or(0));
  }
  return std::nullopt;
}

std::optional<double> limit(const CgroupFiles& files) {
  const auto most = either(whole(files, "memory.max"), whole(files, "memory.limit_in_bytes"));
  return most && *most < kNoLimit ? most : std::nullopt;
}

std::optional<double> cpu_limit(const CgroupFiles& files) {
  if (const auto file = files.find("cpu.max"); file != files.end()) {
    double quota = 0, period = 0;
    std::istringstream in(file->second);
    if (in >> quota >> period && period > 0) return quota / period;  // or it says "max"
    return std::nullopt;
  }
  const auto quota = whole(files, "cpu.cfs_quota_us");
  const auto period = whole(files, "cpu.cfs_period_us");
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  return *quota / *period;
}

// Lines of a device: "8:0 rbytes=1 wbytes=2 …", or of version 1 "8:0 Read 1" and "8:0 Write 2".
void take_disk(const CgroupFiles& files, Usage& out) {
  if (const auto file = files.find("io.stat"); file != files.end()) {
    out.disk_read_bytes = out.disk_write_bytes = 0;
    std::istringstream in(file->second);
    for (std::string word; in >> word;) {
      if (word.starts_with("rbytes=")) *out.disk_read_bytes += number(word.substr(7)).value_or(0);
      if (word.starts_with("wbytes=")) *out.disk_write_bytes += number(word.substr(7)).value_or(0);
    }
    return;
  }
  const auto file = files.find("blkio.throttle.io_service_bytes");
  if (file == files.end()) return;
  out.disk_read_bytes = out.disk_write_bytes = 0;
  std::istringstream in(file->second);
  std::string device, what;
  double bytes = 0;
  while (in >> device && device != "Total" && in >> what >> bytes) {
    if (what == "Read") *out.disk_read_bytes += bytes;
    if (what == "Write") *out.disk_write_bytes += bytes;
  }
}

void read_into(const fs::path& file, CgroupFiles& files) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return;
  files[file.filename().string()] = {std::istreambuf_iterator<char>(in), {}};
}

// Where `dir` is beneath one controller of version 1: the same folder beneath another.
fs::path beneath(const fs::path& dir, const std::string& controller) {
  fs::path out;
  bool found = false;
  for (const fs::path& part : dir) {
    bool is_controller = false;
    for (const auto& [name, file] : kSplit) is_controller |= part == name;
    out /= !found && is_controller ? fs::path(controller) : part;
    found |= is_controller;
  }
  return out;
}

}  // namespace

Usage usage_of_cgroup(const CgroupFiles& files) {
  Usage out;
  out.cpu_s = either(divided(field(files, "cpu.stat", "usage_usec"), kUsPerS),
                     divided(whole(files, "cpuacct.usage"), kNsPerS));
  out.throttled_s = either(divided(field(files, "cpu.stat", "throttled_usec"), kUsPerS),
                           divided(field(files, "cpu.stat", "throttled_time"), kNsPerS));
  out.memory_bytes = working_set(files);
  out.memory_limit_bytes = limit(files);
  out.cpu_limit_cores = cpu_limit(files);
  take_disk(files, out);
  return out;
}

std::optional<CgroupFiles> read_cgroup(const fs::path& dir) {
  CgroupFiles files;
  for (const char* name : kUnified) read_into(dir / name, files);
  if (!files.contains("memory.current")) {
    for (const auto& [controller, name] : kSplit) read_into(beneath(dir, controller) / name, files);
  }
  if (files.empty()) return std::nullopt;
  return files;
}

void take_network(std::string_view net_dev, bool is_own, Usage& usage) {
  std::istringstream lines{std::string(net_dev)};
  bool is_any = false;
  double received = 0, sent = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;  // the two lines of the head
    std::istringstream name_in(line.substr(0, colon));
    std::string name;
    name_in >> name;
    if (is_own && name == "lo") continue;
    std::istringstream in(line.substr(colon + 1));
    constexpr std::size_t kSent = 8;  // behind the eight columns of what was received
    const std::vector<double> columns{std::istream_iterator<double>(in), {}};
    if (columns.size() <= kSent) continue;
    is_any = true;
    received += columns[0];
    sent += columns[kSent];
  }
  if (!is_any) return;
  usage.received_bytes = received;
  usage.sent_bytes = sent;
  usage.is_network_own = is_own;
}

const char* const kUsageScript =
    "cd /sys/fs/cgroup && for f in cpu.stat cpu.max memory.current memory.stat memory.max io.stat "
    "cpuacct/cpuacct.usage cpu/cpu.stat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us "
    "memory/memory.usage_in_bytes memory/memory.stat memory/memory.limit_in_bytes "
    "blkio/blkio.throttle.io_service_bytes /proc/net/dev /proc/1/stat; "
    "do [ -r $f ] && echo \"== ${f##*/}\" && cat $f; done; true";

std::optional<ScriptUsage> parse_usage_script(const std::string& output) {
  CgroupFiles files;
  std::string name;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("== ")) {
      name = line.substr(3);
    } else if (!name.empty()) {
      files[name] += line + "\n";
    }
  }
  const auto net = files.extract("dev");
  const auto first = files.extract("stat");
  if (files.empty()) return std::nullopt;
  ScriptUsage out{usage_of_cgroup(files), {}};
  if (!net.empty()) take_network(net.mapped(), true, out.usage);
  if (first.empty()) return out;
  // Field 22 of /proc/1/stat: when the first process began.
  const std::vector<std::string> fields = stat_fields(first.mapped());
  constexpr std::size_t kStart = 19;
  if (fields.size() > kStart) out.started = fields[kStart];
  return out;
}

}  // namespace ks::target
