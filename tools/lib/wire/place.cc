#include "lib/wire/place.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <set>

#include "lib/wire/address.h"

namespace ks::wire {
namespace {

// host:port by what the host resolves to.
std::set<std::string> places(const std::string& text) {
  const auto address = parse_address(text);
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

bool is_elsewhere(const std::string& address, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), address) != known.end()) return false;
  const std::set<std::string> there = places(address);
  return std::none_of(known.begin(), known.end(),
                      [&](const auto& other) { return share_a_place(there, places(other)); });
}

}  // namespace ks::wire
