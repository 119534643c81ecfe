#include "lib/admin/probe.h"

#include <netdb.h>

#include <algorithm>
#include <memory>
#include <set>

#include "lib/cli/units.h"
#include "lib/wire/connection.h"

namespace ks::admin {
namespace {

constexpr auto kProbeTimeout = std::chrono::seconds(5);

// host:port by what the host resolves to, so that localhost and 127.0.0.1 are the same place. A
// host that does not resolve is compared by its name.
std::set<std::string> places(const std::string& text) {
  const auto address = wire::parse_address(text);
  if (!address) return {text};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address->port);
  if (getaddrinfo(address->host.c_str(), port.c_str(), &hints, &found) != 0) {
    return {address->text()};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
  std::set<std::string> out;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    out.emplace(reinterpret_cast<const char*>(at->ai_addr), at->ai_addrlen);
  }
  return out;
}

bool share_a_place(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& place) { return b.count(place) != 0; });
}

}  // namespace

std::size_t count_served(const wire::ApiVersions& versions) {
  const auto& all = versions.all();
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const auto& entry) { return entry.second.served(); }));
}

Probe probe(const std::string& text, cli::Deadline until) {
  Probe result{text, {}, 0, 0, 0};
  const auto address = wire::parse_address(text);
  if (!address) {
    result.problem = address.error().message();
    return result;
  }
  const auto fail = [&](const cli::Error& error) {
    return result.problem = error.message(), result;
  };
  const cli::Deadline started = cli::Clock::now();
  const cli::Deadline deadline = std::min<cli::Deadline>(until, started + kProbeTimeout);
  const auto connection = wire::BlockingConnection::open(*address, deadline);
  if (!connection) return fail(connection.error());
  const cli::Deadline connected = cli::Clock::now();
  result.connect_ms = cli::to_ms(connected - started);
  const auto versions = wire::request_api_versions(*address, deadline);
  if (!versions) return fail(versions.error());
  result.api_versions_ms = cli::to_ms(cli::Clock::now() - connected);
  result.apis = count_served(*versions);
  return result;
}

bool is_elsewhere(const std::string& advertised, const std::vector<std::string>& bootstrap) {
  if (std::find(bootstrap.begin(), bootstrap.end(), advertised) != bootstrap.end()) return false;
  const std::set<std::string> there = places(advertised);
  return std::none_of(bootstrap.begin(), bootstrap.end(),
                      [&](const auto& known) { return share_a_place(there, places(known)); });
}

}  // namespace ks::admin
