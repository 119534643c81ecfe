#include "lib/ops/fault_paths.h"

#include <algorithm>

namespace ks::ops {
namespace {

using cli::Result;
using target::Protocol;
using Words = std::vector<std::string>;

struct Role {
  const char* name;
  const Words* proxies;
  Protocol protocol;
};

std::vector<Role> roles_of(const target::Toxiproxies& profile) {
  return {{"object-store", &profile.object_store, Protocol::kHttp},
          {"brokers", &profile.brokers, Protocol::kKafka},
          {"clients", &profile.clients, Protocol::kKafka}};
}

bool contains(const Words& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The proxies that one word stands for.
Result<Words> names_of(const std::string& word, const std::vector<Role>& roles) {
  for (const Role& role : roles) {
    if (word != role.name) continue;
    if (!role.proxies->empty()) return *role.proxies;
    return cli::fail("the profile names no proxy of this path", word,
                     "give a proxy's name, or set toxiproxy in the profile");
  }
  return Words{word};
}

std::string list_names(const std::vector<target::Proxy>& proxies) {
  std::string out;
  for (const target::Proxy& proxy : proxies) out += (out.empty() ? "" : ", ") + proxy.name;
  return out;
}

Result<Path> find_path(const std::string& name, const std::vector<target::Proxy>& proxies,
                       const std::vector<Role>& roles, const std::string& api_url) {
  const auto proxy = std::find_if(proxies.begin(), proxies.end(),
                                  [&](const target::Proxy& each) { return each.name == name; });
  if (proxy == proxies.end()) {
    return cli::fail("Toxiproxy has no such proxy", name,
                     proxies.empty() ? "it has none: create one in front of what is to be disturbed"
                                     : "there are " + list_names(proxies));
  }
  auto address = target::address_of(*proxy, api_url);
  if (!address) return tl::make_unexpected(address.error());
  Path path{*proxy, std::move(*address), std::nullopt};
  for (const Role& role : roles) {
    if (contains(*role.proxies, name)) path.protocol = role.protocol;
  }
  return path;
}

}  // namespace

Result<target::Toxiproxy> toxiproxy_of(const tool::Session& session) {
  const auto url = session.option<std::string>("api", session.profile.toxiproxy.api_url);
  if (url.empty()) {
    return cli::fail("no Toxiproxy given", "profile " + session.profile.name,
                     "use --api URL, KS_TOXIPROXY, or toxiproxy in the profile");
  }
  return target::Toxiproxy(url, session.timeout);
}

Result<std::vector<Path>> choose_paths(const Words& words, const target::Toxiproxies& profile,
                                       const target::Toxiproxy& api) {
  const std::vector<Role> roles = roles_of(profile);
  Words names;
  for (const std::string& word : words) {
    const auto some = names_of(word, roles);
    if (!some) return tl::make_unexpected(some.error());
    for (const std::string& name : *some) {
      if (!contains(names, name)) names.push_back(name);
    }
  }
  const auto proxies = api.proxies();
  if (!proxies) return tl::make_unexpected(proxies.error());
  std::vector<Path> out;
  for (const std::string& name : names) {
    auto path = find_path(name, *proxies, roles, api.api_url());
    if (!path) return tl::make_unexpected(path.error());
    out.push_back(std::move(*path));
  }
  return out;
}

target::PathProbe probe_of(const Path& path, const tool::Session& session) {
  const wire::Access access = session.access();
  target::PathProbe kafka(Protocol::kKafka, path.address, access);
  if (path.protocol == Protocol::kKafka) return kafka;
  target::PathProbe http(Protocol::kHttp, path.address, access);
  if (path.protocol == Protocol::kHttp) return http;
  constexpr cli::Duration kPatience =
      std::chrono::seconds(2);  // a server may wait for a line's end
  using Outcome = target::Exchange::Outcome;
  const auto met = kafka.exchange(1, false, std::min(kPatience, session.timeout));
  if (met.outcome == Outcome::kAnswered || met.outcome == Outcome::kRefused) return kafka;
  return http;
}

}  // namespace ks::ops
