#include "lib/admin/probe.h"

#include <algorithm>

#include "lib/cli/units.h"

namespace ks::admin {
namespace {

constexpr auto kProbeTimeout = std::chrono::seconds(5);

}  // namespace

std::size_t count_served(const wire::ApiVersions& versions) {
  const auto& all = versions.all();
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const auto& entry) { return entry.second.served(); }));
}

Probe probe(const std::string& text, const wire::Access& access, cli::Deadline until) {
  Probe result{text, {}, 0, 0, 0};
  const auto address = wire::parse_address(text);
  if (!address) {
    result.problem = address.error().what;  // how to write it is for who gave it
    return result;
  }
  const auto fail = [&](const cli::Error& error) {
    return result.problem = error.message(), result;
  };
  const cli::Deadline started = cli::Clock::now();
  const cli::Deadline deadline = std::min<cli::Deadline>(until, started + kProbeTimeout);
  const auto connection = wire::BlockingConnection::open(*address, deadline, access.connection);
  if (!connection) return fail(connection.error());
  const cli::Deadline connected = cli::Clock::now();
  result.connect_ms = cli::to_ms(connected - started);
  const auto versions = wire::request_api_versions(*address, access, deadline);
  if (!versions) return fail(versions.error());
  result.api_versions_ms = cli::to_ms(cli::Clock::now() - connected);
  result.apis = count_served(*versions);
  return result;
}

}  // namespace ks::admin
