#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/target/process.h"
#include "lib/wire/address.h"

namespace ks::target {

// One node of a cluster folder. In it: `run` (executable, becomes the broker), `address` (its Kafka
// listener, one line), `ports` (all ports it binds, one a line), and what the driver adds: `pid`
// ("pid start", there while it should run) and `log`. Where `run` gives the broker the id that the
// file `id` has, and keeps all it stores in `data`, the node can be replaced.
class NodeFolder {
 public:
  // Errors name the file that is missing or malformed.
  static cli::Result<NodeFolder> open(const std::filesystem::path& cluster,
                                      const std::string& name);

  const std::string& name() const { return name_; }
  const wire::Address& address() const { return address_; }
  const std::vector<std::uint16_t>& ports() const { return ports_; }
  std::filesystem::path run_path() const { return path_ / "run"; }
  std::filesystem::path log_path() const { return path_ / "log"; }
  std::filesystem::path id_path() const { return path_ / "id"; }

  // The process of the pid file, if it still runs.
  std::optional<ProcessId> running() const;
  cli::Result<void> write_pid(const ProcessId& process) const;
  cli::Result<void> remove_pid() const;

  // Nothing: the node has no file `id`.
  cli::Result<std::optional<std::int32_t>> id() const;
  // Deletes `data`, and gives what starts next another id.
  cli::Result<void> renew(std::int32_t id) const;

 private:
  std::string name_;
  std::filesystem::path path_;
  wire::Address address_;
  std::vector<std::uint16_t> ports_;
};

// The sub-folders that have a `run`, broker-2 before broker-10. None is an error.
cli::Result<std::vector<std::string>> list_nodes(const std::filesystem::path& cluster);

// The last line of the log, from byte `begin` on, that tells of an error; else its last line.
std::string last_error_line(const std::filesystem::path& log, std::uintmax_t begin);

// Whether the log, from byte `begin` on, says that an address was already in use.
bool tells_address_in_use(const std::filesystem::path& log, std::uintmax_t begin);

}  // namespace ks::target
