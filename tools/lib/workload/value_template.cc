#include "lib/workload/value_template.h"

#include <algorithm>

#include "lib/cli/clock.h"

namespace ks::workload {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

cli::Result<ValueTemplate> ValueTemplate::parse(std::string_view text, const std::string& run_id) {
  ValueTemplate out;
  Part part;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find("{{", at);
    part.text += text.substr(at, open - at);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) {
      return cli::fail("a placeholder without its end", std::string(text.substr(open, 20)),
                       "write it like {{uuid}}");
    }
    const std::string_view name = trimmed(text.substr(open + 2, close - open - 2));
    at = close + 2;
    if (name == "run_id") {
      part.text += run_id;
      continue;
    }
    if (name == "uuid") part.field = Field::kUuid;
    if (name == "now") part.field = Field::kNow;
    if (name == "seq") part.field = Field::kSequence;
    if (part.field == Field::kNone) {
      return cli::fail("unknown placeholder '{{" + std::string(name) + "}}'", {},
                       "choose {{uuid}}, {{now}}, {{seq}} or {{run_id}}");
    }
    out.parts_.push_back(std::move(part));
    part = {};
  }
  out.parts_.push_back(std::move(part));
  return out;
}

void ValueTemplate::fill(const history::Identity& identity, std::string& out) const {
  out.clear();
  for (const Part& part : parts_) {
    out += part.text;
    switch (part.field) {
      case Field::kUuid:
        out += history::uuid(identity);
        break;
      case Field::kNow:
        out += cli::format_rfc3339(identity.intended_ns);
        break;
      case Field::kSequence:
        out += std::to_string(identity.sequence);
        break;
      case Field::kNone:
        break;
    }
  }
}

bool ValueTemplate::has_uuid() const {
  return std::ranges::any_of(parts_, [](const Part& p) { return p.field == Field::kUuid; });
}

}  // namespace ks::workload
