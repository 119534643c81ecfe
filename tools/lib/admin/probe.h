#pragma once

#include <cstddef>
#include <string>

#include "lib/cli/clock.h"
#include "lib/wire/call.h"

namespace ks::admin {

// One address, asked without a client library: does a Kafka broker answer there?
struct Probe {
  std::string address;
  std::string problem;         // empty: it answered
  double connect_ms = 0;       // a TLS handshake included
  double api_versions_ms = 0;  // connect, one request, its answer
  std::size_t apis = 0;        // how many it serves
  bool answers() const { return problem.empty(); }
};

// Bounded by `until`, and by 5 s: one dead address must not use up the time of the others.
Probe probe(const std::string& text, const wire::Access& access, cli::Deadline until);

std::size_t count_served(const wire::ApiVersions& versions);

}  // namespace ks::admin
