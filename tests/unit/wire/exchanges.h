#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/wire/schema.h"

namespace ks::wire {

inline std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// A request and its response as they were recorded from KafScale 1.6.0, without their lengths.
struct Exchange {
  std::string name;  // of the API
  ApiKey key;
  std::int16_t version;
  std::int32_t correlation_id;
  std::string request;
  std::string response;
};

inline std::vector<Exchange> recorded_exchanges() {
  std::vector<Exchange> exchanges;
  std::ifstream in(KS_FIXTURES "/kafscale-1.6.0/exchanges.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    exchanges.push_back({json.at("api"), ApiKey{json.at("api_key").get<std::int16_t>()},
                         json.at("api_version"), json.at("correlation_id"),
                         from_hex(json.at("request_hex")), from_hex(json.at("response_hex"))});
  }
  return exchanges;
}

}  // namespace ks::wire
