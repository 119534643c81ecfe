#include "lib/report/json_text.h"

#include <utility>

#include "lib/cli/redact.h"

namespace ks::report {

using Json = nlohmann::ordered_json;

void redact_strings(Json& json) {
  if (json.is_string()) {
    json = cli::redact(json.get_ref<const std::string&>());
  } else if (json.is_structured()) {
    for (auto& item : json) redact_strings(item);
  }
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string dump_redacted(Json json) {
  redact_strings(json);
  return dump(json);
}

}  // namespace ks::report
