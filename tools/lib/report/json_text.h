#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ks::report {

// Replaces every secret in `json`: errors quote URLs, argv holds -X.
void redact_strings(nlohmann::ordered_json& json);

// The text of a JSON file. Strings from brokers and users may be any bytes, but JSON is UTF-8.
std::string dump(const nlohmann::ordered_json& json);
std::string dump_redacted(nlohmann::ordered_json json);

}  // namespace ks::report
