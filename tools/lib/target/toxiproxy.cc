#include "lib/target/toxiproxy.h"

#include <algorithm>

#include "lib/cli/redact.h"
#include "lib/target/http.h"

namespace ks::target {
namespace {

using cli::Result;
using nlohmann::ordered_json;

constexpr const char* kStartIt = "start Toxiproxy, or say where it is: --api URL or KS_TOXIPROXY";
constexpr std::size_t kMostAnswerBytes = 4U << 20;

// A member of the type that it should have; null where it is not there or of another.
template <typename T>
const T* member(const ordered_json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : found->template get_ptr<const T*>();
}

Result<Toxic> parse_toxic(const ordered_json& json) {
  const auto bad = [] { return cli::fail("a toxic without name, type, stream or toxicity"); };
  if (!json.is_object()) return bad();
  const auto* name = member<std::string>(json, "name");
  const auto* type = member<std::string>(json, "type");
  const auto* stream = member<std::string>(json, "stream");
  const auto toxicity = json.find("toxicity");
  if (name == nullptr || type == nullptr || stream == nullptr || toxicity == json.end() ||
      !toxicity->is_number()) {
    return bad();
  }
  return Toxic{*name, *type, *stream, toxicity->get<double>(),
               json.value("attributes", ordered_json::object())};
}

Result<Proxy> parse_proxy(const ordered_json& json) {
  const auto bad = [] { return cli::fail("no name, listen, upstream, enabled or toxics"); };
  if (!json.is_object()) return bad();
  const auto* name = member<std::string>(json, "name");
  const auto* listen = member<std::string>(json, "listen");
  const auto* upstream = member<std::string>(json, "upstream");
  const auto* enabled = member<bool>(json, "enabled");
  const auto* toxics = member<ordered_json::array_t>(json, "toxics");
  if (name == nullptr || listen == nullptr || upstream == nullptr || enabled == nullptr ||
      toxics == nullptr) {
    return bad();
  }
  Proxy proxy{*name, *listen, *upstream, *enabled, {}};
  for (const ordered_json& each : *toxics) {
    auto toxic = parse_toxic(each);
    if (!toxic) return tl::make_unexpected(toxic.error());
    proxy.toxics.push_back(std::move(*toxic));
  }
  return proxy;
}

// Toxiproxy's own words, or the status alone.
std::string refusal(const HttpAnswer& answer) {
  const auto json = ordered_json::parse(answer.body, nullptr, false);
  const auto* error = json.is_object() ? member<std::string>(json, "error") : nullptr;
  const std::string status = "HTTP " + std::to_string(answer.status);
  return error == nullptr ? status : *error + " (" + status + ")";
}

}  // namespace

Toxiproxy::Toxiproxy(std::string api_url, cli::Duration timeout)
    : api_url_(std::move(api_url)), timeout_(timeout) {
  while (api_url_.ends_with('/')) api_url_.pop_back();
}

Result<std::string> Toxiproxy::call(const char* method, const std::string& path,
                                    const ordered_json& body, bool may_be_gone) const {
  HttpRequest request;
  request.method = method;
  request.url = api_url_ + path;
  if (!body.is_null())
    request.json = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  auto answer = http_request(request, cli::Clock::now() + timeout_, kMostAnswerBytes);
  if (!answer) {
    const cli::Error& why = answer.error();
    return cli::fail("no Toxiproxy: " + why.what, why.where, kStartIt);
  }
  constexpr long kUnauthorized = 401;
  constexpr long kForbidden = 403;
  constexpr long kNotFound = 404;
  if (answer->status >= 200 && answer->status < 300) return std::move(answer->body);
  if (answer->status == kNotFound && may_be_gone) return "";
  const bool may_not = answer->status == kUnauthorized || answer->status == kForbidden;
  return cli::fail(
      (may_not ? "no permission to change faults: " : "Toxiproxy refuses: ") + refusal(*answer),
      std::string(method) + " " + cli::mask(request.url),
      may_not ? "use an account that may: http://USER:PASSWORD@HOST:PORT"
              : "look at Toxiproxy's log");
}

Result<std::vector<Proxy>> Toxiproxy::proxies() const {
  const auto body = call("GET", "/proxies", nullptr);
  if (!body) return tl::make_unexpected(body.error());
  auto proxies = parse_proxies(*body);
  if (!proxies) {
    return cli::fail("no Toxiproxy: " + proxies.error().message(), cli::mask(api_url_ + "/proxies"),
                     kStartIt);
  }
  return proxies;
}

Result<void> Toxiproxy::add(const std::string& proxy, const Toxic& toxic) const {
  const auto done = call("POST", "/proxies/" + url_segment(proxy) + "/toxics",
                         {{"name", toxic.name},
                          {"type", toxic.type},
                          {"stream", toxic.stream},
                          {"toxicity", toxic.toxicity},
                          {"attributes", toxic.attributes}});
  if (!done) return tl::make_unexpected(done.error());
  return {};
}

Result<void> Toxiproxy::remove(const std::string& proxy, const std::string& toxic) const {
  const auto done = call(
      "DELETE", "/proxies/" + url_segment(proxy) + "/toxics/" + url_segment(toxic), nullptr, true);
  if (!done) return tl::make_unexpected(done.error());
  return {};
}

Result<void> Toxiproxy::enable(const std::string& proxy, bool enabled) const {
  // PATCH is newer than 2.5, and newer ones still take this.
  const auto done = call("POST", "/proxies/" + url_segment(proxy), {{"enabled", enabled}});
  if (!done) return tl::make_unexpected(done.error());
  return {};
}

Result<std::vector<Proxy>> parse_proxies(std::string_view text) {
  const auto json = ordered_json::parse(text, nullptr, false);
  if (!json.is_object()) return cli::fail("the answer is not a JSON object of proxies");
  std::vector<Proxy> out;
  for (const auto& [name, each] : json.items()) {
    auto proxy = parse_proxy(each);
    if (!proxy) return cli::fail(proxy.error().what, "proxy '" + name + "'");
    out.push_back(std::move(*proxy));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Result<wire::Address> address_of(const Proxy& proxy, const std::string& api_url) {
  std::string listen = proxy.listen;
  for (const std::string_view everywhere : {"0.0.0.0:", "[::]:", ":"}) {
    if (!listen.starts_with(everywhere)) continue;
    listen = url_host(api_url) + ":" + listen.substr(everywhere.size());
    break;
  }
  auto address = wire::parse_address(listen);
  if (!address) return cli::fail(address.error().what, "proxy " + proxy.name);
  return address;
}

}  // namespace ks::target
