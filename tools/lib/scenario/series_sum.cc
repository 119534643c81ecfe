#include "lib/scenario/series_sum.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lib/cli/clock.h"

namespace ks::scenario {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kSecondNs = 1'000'000'000;
// A gap of a day is two runs, or a clock that was set: nobody wants a line for each second of it.
constexpr std::int64_t kLongestGapS = 86'400;
constexpr const char* kLatency = "latency_ms_";

double number(const Json& line, const char* name) {
  const auto found = line.find(name);
  return found == line.end() || !found->is_number() ? 0 : found->get<double>();
}

}  // namespace

void SeriesSum::add(std::string_view lines, std::int64_t offset_ns) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const Json line = Json::parse(lines.substr(0, end), nullptr, false);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (!line.is_object() || !line.contains("records") || !line.contains("time")) continue;
    if (!line.at("time").is_string()) continue;
    const auto time_ns = cli::parse_rfc3339(line.at("time").get_ref<const std::string&>());
    if (!time_ns) continue;
    Second& second = seconds_[(*time_ns - offset_ns + kSecondNs / 2) / kSecondNs];
    second.records += number(line, "records");
    second.bytes += number(line, "bytes");
    second.errors += number(line, "errors");
    for (const auto& [name, value] : line.items()) {
      if (!name.starts_with(kLatency) || !value.is_number()) continue;
      double& slowest = second.latency_ms[name];
      slowest = std::max(slowest, value.get<double>());
    }
  }
}

std::string SeriesSum::lines() const {
  std::string out;
  const auto whole = [](double count) { return static_cast<std::uint64_t>(count); };
  const auto put = [&](std::int64_t at_s, const Second& second) {
    Json line{{"time", cli::format_rfc3339(at_s * kSecondNs)},
              {"records", whole(second.records)},
              {"bytes", whole(second.bytes)},
              {"errors", whole(second.errors)}};
    for (const auto& [name, value] : second.latency_ms) line[name] = value;
    out += line.dump() + "\n";
  };
  std::int64_t next_s = seconds_.empty() ? 0 : seconds_.begin()->first;
  for (const auto& [at_s, second] : seconds_) {
    if (at_s - next_s > kLongestGapS) next_s = at_s;
    for (; next_s < at_s; ++next_s) put(next_s, {});
    put(at_s, second);
    next_s = at_s + 1;
  }
  return out;
}

}  // namespace ks::scenario
