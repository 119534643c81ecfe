#include "lib/target/node_launch.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/target/port.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;
using cli::Result;

// Whoever picks free ports skips those whose lock file is locked. The broker inherits the lock, so
// it ends with the broker. That our caller may hold it already is no obstacle.
std::vector<Fd> lock_ports(const std::vector<std::uint16_t>& ports) {
  const std::string tmp = cli::environment("TMPDIR");
  const fs::path folder = fs::path(tmp.empty() ? "/tmp" : tmp) / "ks-ports";
  // Shared by all users of the machine, whatever our umask is.
  constexpr mode_t kForAll = 01777;
  if (::mkdir(folder.c_str(), kForAll) == 0) ::chmod(folder.c_str(), kForAll);
  std::vector<Fd> locks;
  for (const std::uint16_t port : ports) {
    const fs::path path = folder / (std::to_string(port) + ".lock");
    // Another user's file can be locked, but not opened for writing or with O_CREAT.
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) fd = ::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
    Fd lock(fd);
    if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) locks.push_back(std::move(lock));
  }
  return locks;
}

}  // namespace

bool Launch::has_ended() {
  if (!exit_status) exit_status = poll_child(process.pid);
  return exit_status || !is_alive(process);
}

cli::Error Launch::death() const {
  std::string what = node.name() + " ended while it started";
  if (exit_status) what += " (status " + std::to_string(*exit_status) + ")";
  if (const std::string conflict = port_conflict(); !conflict.empty()) what += ", " + conflict;
  const std::string line = last_error_line(node.log_path(), log_begin);
  return {what + (line.empty() ? "" : ", log: " + line), node.log_path().string(), {}};
}

std::string Launch::port_conflict() const {
  std::vector<std::uint16_t> ports = node.ports();
  ports.push_back(node.address().port);
  for (const std::uint16_t port : ports) {
    const auto holder = find_port_holder(port, process.pid);
    if (holder) return "port " + std::to_string(port) + " is held by " + holder->text();
  }
  const bool in_use = tells_address_in_use(node.log_path(), log_begin);
  return in_use ? "a port was in use, by whom cannot be told any more" : "";
}

Result<void> check_launch(const NodeFolder& node, cli::Deadline deadline) {
  if (::access(node.run_path().c_str(), X_OK) != 0) {
    return cli::fail("cannot run", node.run_path().string(), cli::system_error(errno));
  }
  std::vector<wire::Address> addresses{node.address()};
  for (const std::uint16_t port : node.ports()) addresses.push_back({"127.0.0.1", port});
  for (const wire::Address& address : addresses) {
    if (!accepts_connections(address, deadline)) continue;
    const auto holder = find_port_holder(address.port, 0);
    return cli::fail(
        "port held by somebody else",
        node.name() + " at " + address.text() + (holder ? ", by " + holder->text() : ""),
        "end it, or choose other ports");
  }
  return {};
}

Result<Launch> launch(const NodeFolder& node) {
  const fs::path log_path = node.log_path();
  const Fd log(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (log.get() < 0) {
    return cli::fail("cannot write", log_path.string(), cli::system_error(errno));
  }
  Launch launched{node, {}, fs::file_size(log_path)};
  const std::vector<Fd> locks = lock_ports(node.ports());
  Spawn request{{fs::absolute(node.run_path()).string()}, log.get(), {}};
  for (const Fd& lock : locks) request.kept_fds.push_back(lock.get());
  const auto pid = spawn(request);
  if (!pid) return tl::make_unexpected(pid.error());
  // One that ended already has no start time to be known by; has_ended() will tell.
  launched.process = find_process(*pid).value_or(ProcessId{*pid, 0});
  if (auto written = node.write_pid(launched.process); !written) {
    return tl::make_unexpected(written.error());
  }
  return launched;
}

}  // namespace ks::target
