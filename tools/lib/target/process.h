#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::target {

// A process of this machine. Its start time tells it apart from a later one with the same number.
struct ProcessId {
  pid_t pid = 0;
  std::uint64_t start_ticks = 0;  // since boot, field 22 of /proc/PID/stat

  std::string text() const;  // "pid start", as pid files have it
  bool operator==(const ProcessId&) const = default;
};

// The reverse of text().
std::optional<ProcessId> parse_process_id(std::string_view text);

// The fields of /proc/PID/stat behind the program's name, from the third on (proc(5)); none where
// that is no such text.
std::vector<std::string> stat_fields(const std::string& text);

// The process that has this number now. One that ended and only waits for its parent is gone.
std::optional<ProcessId> find_process(pid_t pid);

bool is_alive(const ProcessId& process);

// Whether a signal (SIGSTOP) keeps it from running.
bool is_paused(const ProcessId& process);

// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Fd& operator=(Fd&&) = delete;
  ~Fd();
  int get() const { return fd_; }

 private:
  int fd_;
};

// A program in a session of its own, without input, with default signal handling. It inherits its
// output, `kept_fds` and no other descriptor, so that it holds nothing of ours when it outlives us.
struct Spawn {
  std::vector<std::string> argv;
  int output_fd = 2;  // becomes its stdout and stderr
  std::vector<int> kept_fds{};
  int error_fd = -1;  // becomes its stderr; -1: output_fd does
};

// The new process. It is our child: see poll_child.
cli::Result<pid_t> spawn(const Spawn& request);

// How a child of ours ended, as a shell counts it: its status, or 128 + the signal. Absent while it
// runs, and for a process that is not our child.
std::optional<int> poll_child(pid_t child);

}  // namespace ks::target
