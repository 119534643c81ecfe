#include "lib/target/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "lib/cli/file.h"

namespace ks::target {
namespace {

template <typename Number>
bool parse_whole(std::string_view text, Number& out) {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stopped == end;
}

// Also descriptors that whoever started us left open must not reach the program.
void close_all_on_exec() {
  constexpr int kFirstBeyondStreams = 3;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    int fd = 0;
    if (parse_whole(entry.path().filename().string(), fd) && fd >= kFirstBeyondStreams) {
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
  }
}

// What /proc/PID/stat says of a process.
struct Stat {
  std::string state;              // field 3; of the first thread
  int threads = 0;                // field 20
  std::uint64_t start_ticks = 0;  // field 22

  // Its first thread can be gone while others still end, and hold what the process had open.
  bool has_ended() const { return (state == "Z" || state == "X") && threads <= 1; }
};

std::optional<Stat> read_stat(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const std::vector<std::string> fields = stat_fields(line);
  constexpr std::size_t kState = 0;  // field 3 of the line
  constexpr std::size_t kThreads = 17;
  constexpr std::size_t kStart = 19;
  if (fields.size() <= kStart) return std::nullopt;
  Stat stat{fields[kState]};
  if (!parse_whole(std::string_view(fields[kThreads]), stat.threads) ||
      !parse_whole(std::string_view(fields[kStart]), stat.start_ticks)) {
    return std::nullopt;
  }
  return stat;
}

class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

class SpawnActions {
 public:
  explicit SpawnActions(const Spawn& request) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, request.output_fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(
        &actions_, request.error_fd < 0 ? request.output_fd : request.error_fd, STDERR_FILENO);
    // Onto itself: that clears close-on-exec, in the child alone.
    for (const int fd : request.kept_fds) posix_spawn_file_actions_adddup2(&actions_, fd, fd);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

std::string ProcessId::text() const {
  return std::to_string(pid) + " " + std::to_string(start_ticks);
}

std::optional<ProcessId> parse_process_id(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t blank = text.find(' ');
  ProcessId process;
  if (blank == text.npos || !parse_whole(text.substr(0, blank), process.pid) ||
      !parse_whole(text.substr(blank + 1), process.start_ticks) || process.pid <= 0) {
    return std::nullopt;
  }
  return process;
}

// Field 2, the program in parentheses, may itself hold blanks and parentheses.
std::vector<std::string> stat_fields(const std::string& text) {
  const std::size_t program_end = text.rfind(')');
  if (program_end == std::string::npos) return {};
  std::istringstream rest(text.substr(program_end + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

std::optional<ProcessId> find_process(pid_t pid) {
  const auto seen = read_stat(pid);
  if (!seen || seen->has_ended()) return std::nullopt;
  return ProcessId{pid, seen->start_ticks};
}

bool is_alive(const ProcessId& process) { return find_process(process.pid) == process; }

bool is_paused(const ProcessId& process) {
  const auto seen = read_stat(process.pid);
  return seen && seen->start_ticks == process.start_ticks && seen->state == "T";
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

cli::Result<pid_t> spawn(const Spawn& request) {
  std::vector<std::string> words = request.argv;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  close_all_on_exec();
  const SpawnAttributes attributes;
  const SpawnActions actions(request);
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, argv[0], actions.get(), attributes.get(), argv.data(), environ);
  if (error != 0) return cli::fail("cannot run", request.argv[0], cli::system_error(error));
  return pid;
}

std::optional<int> poll_child(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, WNOHANG) != child) return std::nullopt;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace ks::target
