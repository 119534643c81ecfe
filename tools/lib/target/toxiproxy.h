#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/units.h"
#include "lib/wire/address.h"

// Toxiproxy's HTTP API, as its README's "HTTP API" has it.
namespace ks::target {

// What a proxy does to the data that passes it in one direction.
struct Toxic {
  std::string name;    // of one toxic in its proxy
  std::string type;    // latency, bandwidth, timeout, reset_peer, slicer, noop, …
  std::string stream;  // upstream: to the server; downstream: to the client
  double toxicity = 1;
  nlohmann::ordered_json attributes = nlohmann::ordered_json::object();
};

struct Proxy {
  std::string name;
  std::string listen;  // host:port, as Toxiproxy sees it
  std::string upstream;
  bool enabled = false;
  std::vector<Toxic> toxics;
};

class Toxiproxy {
 public:
  // `timeout` bounds each call.
  Toxiproxy(std::string api_url, cli::Duration timeout);

  // Errors of all calls name the URL and what to do: nothing there, something else there, a
  // refusal.

  // By name, in ascending order.
  cli::Result<std::vector<Proxy>> proxies() const;

  cli::Result<void> add(const std::string& proxy, const Toxic& toxic) const;

  // That there is no such proxy or toxic (any more) is no error.
  cli::Result<void> remove(const std::string& proxy, const std::string& toxic) const;

  // A proxy that is not enabled refuses connections; those that it had are closed.
  cli::Result<void> enable(const std::string& proxy, bool enabled) const;

  const std::string& api_url() const { return api_url_; }

 private:
  cli::Result<std::string> call(const char* method, const std::string& path,
                                const nlohmann::ordered_json& body, bool may_be_gone = false) const;

  std::string api_url_;
  cli::Duration timeout_;
};

// The body of GET /proxies. Whatever is not as documented is an error, which names the proxy.
cli::Result<std::vector<Proxy>> parse_proxies(std::string_view text);

// Where a client of this machine reaches the proxy: its listener, at the API's host where it
// listens everywhere.
cli::Result<wire::Address> address_of(const Proxy& proxy, const std::string& api_url);

}  // namespace ks::target
