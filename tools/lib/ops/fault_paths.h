#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/target/path_probe.h"
#include "lib/target/toxiproxy.h"
#include "lib/tool/tool.h"

namespace ks::ops {

// One proxy, and what is spoken through it: of those that the profile does not name nobody knows.
struct Path {
  target::Proxy proxy;
  wire::Address address;
  std::optional<target::Protocol> protocol;
};

// The API that --api, the environment or the profile gives.
cli::Result<target::Toxiproxy> toxiproxy_of(const tool::Session& session);

// The paths that `words` name: object-store, brokers or clients of the profile, or the name of a
// proxy. Each proxy once.
cli::Result<std::vector<Path>> choose_paths(const std::vector<std::string>& words,
                                            const target::Toxiproxies& profile,
                                            const target::Toxiproxy& api);

// Of a path whose protocol is not known, Kafka's if it answers that, else HTTP.
target::PathProbe probe_of(const Path& path, const tool::Session& session);

}  // namespace ks::ops
