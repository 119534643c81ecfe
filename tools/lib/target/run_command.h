#pragma once

#include <string>
#include <vector>

#include "lib/target/driver.h"

namespace ks::target {

// Runs `sh -c command` with `arguments` as $1, $2, …; both its streams go to our stderr, since our
// stdout is for data. Fails where it cannot run, ends with another status than 0, or has not ended
// at the deadline: then it is killed, with what it started. Errors give its `name`: the command
// itself may hold a secret.
cli::Result<void> run_shell_command(const std::string& name, const std::string& command,
                                    const std::vector<std::string>& arguments,
                                    const Patience& patience);

// Runs a program without a shell and gives its stdout; it fails as above, and the error has the
// last line of its stderr. Argument 0 is found in PATH.
cli::Result<std::string> run_program(const std::vector<std::string>& argv,
                                     const Patience& patience);

// Where in PATH a program is; empty: nowhere.
std::string find_program(const std::string& name);

}  // namespace ks::target
