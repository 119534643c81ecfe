#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/cli/clock.h"
#include "lib/target/node_folder.h"

namespace ks::target {

// A node that was started from its folder.
struct Launch {
  NodeFolder node;
  ProcessId process;
  std::uintmax_t log_begin = 0;      // where this start's part of the log begins
  std::optional<int> exit_status{};  // it ended meanwhile

  bool has_ended();
  // What ended it, in the words of its log.
  cli::Error death() const;
  // Why it cannot have bound its ports; empty where nothing points to that.
  std::string port_conflict() const;
};

// What would keep a node that does not run from being started: a `run` that cannot be executed, a
// port that somebody else listens on. He would answer in the node's place, and be taken for it.
cli::Result<void> check_launch(const NodeFolder& node, cli::Deadline deadline);

// Starts the node. Its output goes to its log, its process id to its pid file; its ports are
// locked against those who look for free ones, as long as it runs.
cli::Result<Launch> launch(const NodeFolder& node);

}  // namespace ks::target
