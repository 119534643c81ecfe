#include "lib/tool/record.h"

#include <nlohmann/json.hpp>

namespace ks::tool {

history::Stamped identify(const client::ConsumedRecord& record) {
  const std::string_view value = record.value.value_or(std::string_view());
  const history::Stamped in_value = history::read_stamp(value);
  if (in_value.integrity != history::Integrity::kForeign) return in_value;
  for (const client::Header& header : record.headers()) {
    if (header.name == history::kIdentityHeader) return history::read_stamp(header.value, value);
  }
  return in_value;
}

std::string json_line(const client::ConsumedRecord& record) {
  using Json = nlohmann::ordered_json;
  const auto text = [](const std::optional<std::string_view>& bytes) {
    return bytes ? Json(std::string(*bytes)) : Json(nullptr);
  };
  Json headers = Json::array();
  for (const client::Header& header : record.headers()) {
    headers.push_back(header.name);
    headers.push_back(header.value);
  }
  const Json line{{"topic", std::string(record.topic)},
                  {"partition", record.partition},
                  {"offset", record.offset},
                  {"ts", record.timestamp_ms},
                  {"headers", headers},
                  {"key", text(record.key)},
                  {"payload", text(record.value)}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ks::tool
