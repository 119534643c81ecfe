#include "lib/report/change_capture.h"

#include "lib/cli/clock.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

std::optional<std::int64_t> time_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  const auto time = cli::parse_rfc3339(found->get<std::string>());
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<double> number_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

std::optional<WorkerOutage> outage_of(const Json& json) {
  const auto ordered = time_of(json, "ordered_at");
  if (!ordered) return std::nullopt;
  const auto kind = json.find("kind");
  WorkerOutage out;
  out.is_kill = kind != json.end() && *kind == "kill";
  out.ordered_ns = *ordered;
  out.gone_ns = time_of(json, "gone_at");
  out.started_ns = time_of(json, "started_at");
  out.resume_ms = number_of(json, "resume_ms");
  out.catch_up_ms = number_of(json, "catch_up_ms");
  out.changes_while_down = number_of(json, "changes_while_down");
  out.replayed_events = number_of(json, "replayed_events");
  return out;
}

std::optional<ChangeSecond> second_of(const Json& json) {
  const auto at = time_of(json, "time");
  if (!at) return std::nullopt;
  return ChangeSecond{*at, number_of(json, "committed").value_or(0),
                      number_of(json, "arrived").value_or(0)};
}

template <typename Item>
std::vector<Item> list_of(const Json& data, const char* name,
                          std::optional<Item> (*read)(const Json& json)) {
  std::vector<Item> out;
  if (!data.is_object() || !data.contains(name) || !data.at(name).is_array()) return out;
  for (const Json& json : data.at(name)) {
    if (auto item = read(json)) out.push_back(std::move(*item));
  }
  return out;
}

}  // namespace

ChangeCapture parse_change_capture(const Json& data) {
  return {list_of(data, "outages", outage_of), list_of(data, "seconds", second_of)};
}

}  // namespace ks::report
