#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"

namespace ks::target {

// Runs `sh -c command` with `arguments` as $1, $2, …; both its streams go to our stderr, since our
// stdout is for data. `meanwhile` is called again and again while it runs. Fails where it cannot
// run, ends with another status than 0, or has not ended at the deadline: then it is killed, with
// what it started. Errors give its `name`: the command itself may hold a secret.
cli::Result<void> run_shell_command(const std::string& name, const std::string& command,
                                    const std::vector<std::string>& arguments,
                                    const std::function<void()>& meanwhile, cli::Deadline deadline);

}  // namespace ks::target
