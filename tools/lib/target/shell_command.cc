#include "lib/target/shell_command.h"

#include <csignal>
#include <optional>

#include "lib/target/process.h"
#include "lib/target/wait.h"

namespace ks::target {

cli::Result<void> run_shell_command(const std::string& name, const std::string& command,
                                    const std::vector<std::string>& arguments,
                                    const std::function<void()>& meanwhile,
                                    cli::Deadline deadline) {
  Spawn request{{"/bin/sh", "-c", command, "sh"}};
  request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
  const auto child = spawn(request);
  if (!child) return tl::make_unexpected(child.error());
  std::optional<int> status;
  wait_until(
      [&] {
        meanwhile();
        status = poll_child(*child);
        return status.has_value();
      },
      deadline);
  if (!status) {
    ::kill(-*child, SIGKILL);  // it leads a process group of its own
    return cli::fail("command did not end in time", name, "raise --timeout");
  }
  if (*status != 0) {
    return cli::fail("command ended with status " + std::to_string(*status), name,
                     "its own output tells why");
  }
  return {};
}

}  // namespace ks::target
