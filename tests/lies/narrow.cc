#include "narrow.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "lib/wire/error_code.h"

namespace ks::lies {

using wire::ApiKey;
using wire::Value;

Persona::Verdict Narrow::on_request(const Exchange& exchange, std::string& bytes) {
  const bool serves = table_.range(exchange.api).contains(exchange.version);
  if (serves) return Verdict::kForward;
  if (exchange.api != ApiKey::kApiVersions) return Verdict::kClose;
  // An unknown version of ApiVersions is answered in version 0 (KIP-511).
  const auto code = static_cast<std::int16_t>(wire::ErrorCode::kUnsupportedVersion);
  const auto answer =
      wire::encode_response(ApiKey::kApiVersions, 0,
                            {Value{{"correlation_id", exchange.correlation_id}},
                             Value{{"error_code", code}, {"api_keys", Value::array({})}}});
  if (!answer) return Verdict::kClose;
  bytes = *answer;
  return Verdict::kAnswer;
}

Persona::Sending Narrow::on_response(const Exchange& exchange, std::string& bytes) {
  if (exchange.api != ApiKey::kApiVersions) return {};
  auto response = wire::decode_response(exchange.api, exchange.version, bytes);
  if (!response) return {};
  Value::Array keys;
  for (const auto& [key, range] : table_.all()) {
    keys.push_back({{"api_key", key}, {"min_version", range.min}, {"max_version", range.max}});
  }
  response->body.set("api_keys", std::move(keys));
  auto narrowed = wire::encode_response(exchange.api, exchange.version, *response);
  if (narrowed) bytes = std::move(*narrowed);
  return {};
}

cli::Result<wire::ApiVersions> recorded_versions(const std::string& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto exchange = nlohmann::json::parse(line, nullptr, false);
    if (exchange.is_discarded() || exchange.value("api", "") != "ApiVersions") continue;
    const std::string hex = exchange.at("response_hex");
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
      bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    const auto response = wire::decode_response(
        ApiKey::kApiVersions, exchange.at("api_version").get<std::int16_t>(), bytes);
    if (!response) return tl::make_unexpected(response.error());
    return wire::to_api_versions(response->body);
  }
  return cli::fail("no ApiVersions answer", path);
}

}  // namespace ks::lies
