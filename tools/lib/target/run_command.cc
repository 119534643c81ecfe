#include "lib/target/run_command.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/target/process.h"
#include "lib/target/wait.h"

namespace ks::target {
namespace {

using cli::Result;

// The status of a child of ours. One that has not ended in time is killed.
Result<int> wait_for(pid_t child, const std::string& name, const Patience& patience) {
  std::optional<int> status;
  wait_until(
      [&] {
        if (patience.meanwhile) patience.meanwhile();
        status = poll_child(child);
        return status.has_value();
      },
      patience.deadline);
  if (status) return *status;
  ::kill(-child, SIGKILL);  // it leads a process group of its own
  wait_until([&] { return poll_child(child).has_value(); },
             cli::Clock::now() + std::chrono::seconds(1));
  return cli::fail("command did not end in time", name, "raise --timeout");
}

// What was written to a file in memory.
std::string content_of(int fd) {
  std::string text;
  char piece[4096];
  ::lseek(fd, 0, SEEK_SET);
  for (ssize_t size = 0; (size = ::read(fd, piece, sizeof piece)) > 0;) {
    text.append(piece, static_cast<std::size_t>(size));
  }
  return text;
}

std::string last_line(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text.substr(text.find_last_of('\n') + 1);
}

std::string joined(const std::vector<std::string>& argv) {
  std::string text;
  for (const std::string& word : argv) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

Result<void> run_shell_command(const std::string& name, const std::string& command,
                               const std::vector<std::string>& arguments,
                               const Patience& patience) {
  Spawn request{{"/bin/sh", "-c", command, "sh"}};
  request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
  const auto child = spawn(request);
  if (!child) return tl::make_unexpected(child.error());
  const auto status = wait_for(*child, name, patience);
  if (!status) return tl::make_unexpected(status.error());
  if (*status != 0) {
    return cli::fail("command ended with status " + std::to_string(*status), name,
                     "its own output tells why");
  }
  return {};
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
  const std::string path = cli::environment("PATH");
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    std::string file = path.substr(begin, end - begin) + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    begin = end + 1;
  }
  return {};
}

Result<std::string> run_program(const std::vector<std::string>& argv, const Patience& patience) {
  Spawn request{argv};
  request.argv[0] = find_program(argv[0]);
  if (request.argv[0].empty()) {
    return cli::fail("there is no " + argv[0] + " here", "PATH", "install it");
  }
  const Fd out(::memfd_create("stdout", MFD_CLOEXEC));
  const Fd err(::memfd_create("stderr", MFD_CLOEXEC));
  if (out.get() < 0 || err.get() < 0) {
    return cli::fail("cannot keep a command's output", argv[0], cli::system_error(errno));
  }
  request.output_fd = out.get();
  request.error_fd = err.get();
  const auto child = spawn(request);
  if (!child) return tl::make_unexpected(child.error());
  const auto status = wait_for(*child, joined(argv), patience);
  if (!status) return tl::make_unexpected(status.error());
  if (*status != 0) {
    const std::string why = last_line(content_of(err.get()));
    return cli::fail("command ended with status " + std::to_string(*status), joined(argv),
                     why.empty() ? "run it by hand to see why" : why);
  }
  return content_of(out.get());
}

}  // namespace ks::target
