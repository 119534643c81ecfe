#include "lib/target/port.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>
#include <vector>

namespace ks::target {
namespace {

namespace fs = std::filesystem;

// Adds the inodes of the sockets whose local port is `port`, from a table like /proc/net/tcp:
//   sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
void add_inodes(const char* table, std::uint16_t port, std::set<std::string>& inodes) {
  constexpr std::size_t kLocal = 1;
  constexpr std::size_t kInode = 9;
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // the heading
  while (std::getline(file, line)) {
    std::istringstream in(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
    if (words.size() <= kInode || words[kInode] == "0") continue;  // 0: no process has it any more
    const std::string& local = words[kLocal];
    unsigned local_port = 0;
    const std::size_t colon = std::min(local.rfind(':'), local.size() - 1);
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), local_port, 16);
    if (local_port == port) inodes.insert("socket:[" + words[kInode] + "]");
  }
}

bool has_open(const fs::path& process, const std::set<std::string>& sockets) {
  std::error_code ignored;
  for (const auto& fd : fs::directory_iterator(process / "fd", ignored)) {
    if (sockets.contains(fs::read_symlink(fd.path(), ignored).string())) return true;
  }
  return false;
}

}  // namespace

cli::Deadline probe_deadline(cli::Deadline deadline) {
  constexpr auto kProbeTimeout = std::chrono::seconds(1);
  return std::min(deadline, cli::Clock::now() + kProbeTimeout);
}

bool accepts_connections(const wire::Address& address, cli::Deadline deadline) {
  return wire::BlockingConnection::open(address, probe_deadline(deadline)).has_value();
}

bool answers_api_versions(const wire::Address& address, const wire::Access& access,
                          cli::Deadline deadline) {
  return wire::request_api_versions(address, access, probe_deadline(deadline)).has_value();
}

std::string PortHolder::text() const {
  return pid == 0 ? "a process of another user"
                  : "process " + std::to_string(pid) + " (" + program + ")";
}

std::optional<PortHolder> find_port_holder(std::uint16_t port, pid_t except) {
  std::set<std::string> sockets;
  add_inodes("/proc/net/tcp", port, sockets);
  add_inodes("/proc/net/tcp6", port, sockets);
  if (sockets.empty()) return std::nullopt;
  std::error_code ignored;
  bool is_excepted = false;
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const std::string name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (!has_open(process.path(), sockets)) continue;
    const auto pid = static_cast<pid_t>(std::stol(name));
    is_excepted = is_excepted || pid == except;
    if (pid == except) continue;
    PortHolder holder{pid, {}};
    std::getline(std::ifstream(process.path() / "comm"), holder.program);
    return holder;
  }
  if (is_excepted) return std::nullopt;
  return PortHolder{};
}

}  // namespace ks::target
