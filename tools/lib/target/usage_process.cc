#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include "lib/target/process.h"
#include "lib/target/usage.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;

double ticks_to_s(double ticks) { return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)); }

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What /proc/PID/stat says, as far as it is needed.
struct ProcessStat {
  pid_t parent = 0;
  double cpu_ticks = 0;  // with those of children that were waited for
  double resident_pages = 0;
};

std::optional<ProcessStat> parse_stat(const std::string& text) {
  const std::vector<std::string> fields = stat_fields(text);
  constexpr std::size_t kParent = 1;
  constexpr std::size_t kUser = 11;  // then system, and both of the children
  constexpr std::size_t kResident = 21;
  if (fields.size() <= kResident) return std::nullopt;
  ProcessStat out;
  try {
    out.parent = std::stoi(fields[kParent]);
    for (std::size_t i = kUser; i < kUser + 4; ++i) out.cpu_ticks += std::stod(fields[i]);
    out.resident_pages = std::stod(fields[kResident]);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return out;
}

std::map<pid_t, ProcessStat> all_processes(const fs::path& proc) {
  std::map<pid_t, ProcessStat> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(proc, ignored)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    if (const auto stat = parse_stat(text_of(entry.path() / "stat"))) out.emplace(pid, *stat);
  }
  return out;
}

std::vector<pid_t> tree_of(pid_t root, const std::map<pid_t, ProcessStat>& all) {
  std::vector<pid_t> tree;
  if (all.contains(root)) tree.push_back(root);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const auto& [pid, stat] : all) {
      if (stat.parent == tree[i] && pid != tree[i]) tree.push_back(pid);
    }
  }
  return tree;
}

// "NAME: NUMBER" in /proc/PID/io.
std::optional<double> io_field(const std::string& io, const std::string& name) {
  std::istringstream in(io);
  std::string word;
  for (double value = 0; in >> word >> value;) {
    if (word == name + ":") return value;
  }
  return std::nullopt;
}

void add(const std::optional<double>& value, std::optional<double>& sum) {
  if (value) sum = sum.value_or(0) + *value;
}

// The network namespaces of the two are the same, as far as we may look.
bool shares_network(const fs::path& proc, pid_t pid) {
  std::error_code error, error_of_own;
  const fs::path its = fs::read_symlink(proc / std::to_string(pid) / "ns/net", error);
  const fs::path own = fs::read_symlink(proc / "self/ns/net", error_of_own);
  return error || error_of_own || its == own;
}

}  // namespace

Usage usage_of_process(const fs::path& proc, pid_t root) {
  Usage out;
  const auto all = all_processes(proc);
  const double page_bytes = static_cast<double>(::sysconf(_SC_PAGESIZE));
  for (const pid_t pid : tree_of(root, all)) {
    const ProcessStat& stat = all.at(pid);
    add(ticks_to_s(stat.cpu_ticks), out.cpu_s);
    add(stat.resident_pages * page_bytes, out.memory_bytes);
    const std::string io = text_of(proc / std::to_string(pid) / "io");
    add(io_field(io, "read_bytes"), out.disk_read_bytes);
    add(io_field(io, "write_bytes"), out.disk_write_bytes);
  }
  take_network(text_of(proc / std::to_string(root) / "net/dev"), !shares_network(proc, root), out);
  return out;
}

MachineUsage usage_of_machine(const fs::path& proc) {
  std::ifstream in(proc / "stat");
  std::string name;
  double user = 0, nice = 0, system = 0, idle = 0, waiting = 0, hard = 0, soft = 0, stolen = 0;
  if (!(in >> name >> user >> nice >> system >> idle >> waiting >> hard >> soft >> stolen))
    return {};
  const double used = user + nice + system + hard + soft;
  if (name != "cpu" || used + idle == 0) return {};
  return {ticks_to_s(used), ticks_to_s(stolen)};
}

fs::path cgroup_of(const fs::path& proc, pid_t pid) {
  std::istringstream lines(text_of(proc / std::to_string(pid) / "cgroup"));
  fs::path unified;
  const fs::path root = "/sys/fs/cgroup";
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path path = line.substr(second + 2);  // without its slash
    if (controllers == "memory") return root / "memory" / path;
    if (controllers.empty()) unified = root / path;
  }
  return unified;
}

}  // namespace ks::target
