#include "lib/report/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace ks::report {
namespace {

std::string os_name() {
  constexpr std::string_view kKey = "PRETTY_NAME=";
  std::ifstream file("/etc/os-release");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kKey)) continue;
    std::erase(line, '"');
    return line.substr(kKey.size());
  }
  return "unknown";
}

std::uint64_t physical_memory_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return 0;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes);
}

}  // namespace

Machine this_machine() {
  Machine machine;
  utsname name{};
  if (uname(&name) == 0) {
    machine.host = name.nodename;
    machine.kernel = std::string(name.sysname) + " " + name.release + " " + name.machine;
  }
  machine.os = os_name();
  machine.cpus = std::thread::hardware_concurrency();
  machine.memory_bytes = physical_memory_bytes();
  return machine;
}

nlohmann::ordered_json to_json(const Machine& machine) {
  return {{"host", machine.host},
          {"os", machine.os},
          {"kernel", machine.kernel},
          {"cpus", machine.cpus},
          {"memory_bytes", machine.memory_bytes}};
}

Machine machine_from_json(const nlohmann::ordered_json& json) {
  return {json.at("host"), json.at("os"), json.at("kernel"), json.at("cpus"),
          json.at("memory_bytes")};
}

}  // namespace ks::report
