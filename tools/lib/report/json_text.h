#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ks::report {

// The text of a JSON file. Strings from brokers and users may be any bytes, but JSON is UTF-8.
std::string dump(const nlohmann::ordered_json& json);

}  // namespace ks::report
