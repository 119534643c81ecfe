#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "lib/cli/clock.h"
#include "lib/wire/call.h"

namespace ks::target {

// A broker that hangs must not use up the whole time in one probe: at most a second from now.
cli::Deadline probe_deadline(cli::Deadline deadline);

// Whether something takes connections at the address. A port that connects to itself does not.
bool accepts_connections(const wire::Address& address, cli::Deadline deadline);

// Whether something answers ApiVersions there, and lets `access` in.
bool answers_api_versions(const wire::Address& address, const wire::Access& access,
                          cli::Deadline deadline);

// Who has a socket bound to a TCP port of this machine.
struct PortHolder {
  pid_t pid = 0;  // 0: a process that may not be looked into
  std::string program;

  std::string text() const;  // "process 123 (java)"
};

// The first such process other than `except`, client sockets included: also they keep a broker from
// binding the port. Sockets that only wait out TIME_WAIT have no holder.
std::optional<PortHolder> find_port_holder(std::uint16_t port, pid_t except);

}  // namespace ks::target
