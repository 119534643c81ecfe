#include "lib/report/timeline_input.h"

#include <algorithm>
#include <cmath>

#include "lib/cli/clock.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

// Times within it can be subtracted, and counts within it added, whatever a file says.
constexpr std::int64_t kEarliestNs = 946'684'800'000'000'000;  // 2000-01-01
constexpr double kMostNumber = 1e15;
constexpr double kMostGapMs = 1e11;

const Json* field(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::optional<double> number(const Json& object, const char* name) {
  const Json* value = field(object, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double out = value->get<double>();
  if (!(out >= 0 && out <= kMostNumber)) return std::nullopt;
  return out;
}

std::optional<std::string> text(const Json& object, const char* name) {
  const Json* value = field(object, name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<std::int64_t> time(const Json& object, const char* name) {
  const auto written = text(object, name);
  if (!written) return std::nullopt;
  const auto time_ns = cli::parse_rfc3339(*written);
  if (!time_ns || *time_ns < kEarliestNs) return std::nullopt;
  return *time_ns;
}

// A time that may be null or absent, but not malformed.
bool take_time(const Json& object, const char* name, std::optional<std::int64_t>& out) {
  const Json* value = field(object, name);
  if (value == nullptr || value->is_null()) return true;
  out = time(object, name);
  return out.has_value();
}

std::optional<Second> parse_second(const Json& json) {
  const auto begin = time(json, "time");
  const auto records = number(json, "records");
  const auto errors = number(json, "errors");
  if (!begin || !records || !errors) return std::nullopt;
  Second out{*begin, *records, *errors, std::nullopt};
  if (field(json, "latency_ms_p50") == nullptr) return out;
  const auto p50 = number(json, "latency_ms_p50");
  const auto p95 = number(json, "latency_ms_p95");
  const auto p99 = number(json, "latency_ms_p99");
  if (!p50 || !p95 || !p99) return std::nullopt;
  out.latency = Latency{*p50, *p95, *p99};
  return out;
}

std::optional<Reading> parse_reading(const Json& json) {
  const auto at = time(json, "time");
  const Json* metrics = field(json, "metrics");
  if (!at || !metrics->is_object()) return std::nullopt;
  Reading out{*at, {}};
  for (const auto& [name, value] : metrics->items()) {
    if (!value.is_number() || !(std::abs(value.get<double>()) <= kMostNumber)) return std::nullopt;
    out.metrics.emplace(name, value.get<double>());
  }
  return out;
}

// Puts what the line tells where it belongs; false where it cannot be read.
bool take_line(std::string_view line, Series& out) {
  const Json json = Json::parse(line, nullptr, false);
  if (field(json, "metrics") != nullptr) {
    auto reading = parse_reading(json);
    if (reading) out.readings.push_back(std::move(*reading));
    return reading.has_value();
  }
  const auto second = parse_second(json);
  if (second) out.seconds.push_back(*second);
  return second.has_value();
}

std::optional<Fault> parse_fault(const Json& json) {
  const auto name = text(json, "fault");
  const auto begun = time(json, "begun_at");
  if (!name || !begun) return std::nullopt;
  Fault out{*name, *begun, std::nullopt, std::nullopt};
  if (!take_time(json, "confirmed_at", out.confirmed_ns)) return std::nullopt;
  if (!take_time(json, "healed_at", out.healed_ns)) return std::nullopt;
  return out;
}

std::optional<Recovery> parse_recovery(const Json& json) {
  const auto fault = text(json, "fault");
  const auto confirmed = time(json, "fault_confirmed_at");
  const auto from = time(json, "began_at");
  const auto to = time(json, "ended_at");
  const Json* recovered = field(json, "recovered");
  if (!fault || !confirmed || !from || !to || *to < *from) return std::nullopt;
  if (recovered == nullptr || !recovered->is_boolean()) return std::nullopt;
  return Recovery{*fault, *confirmed, *from, *to, !recovered->get<bool>()};
}

std::optional<Availability> parse_availability(const Json& json) {
  const auto topic = text(json, "topic");
  const auto partition = number(json, "partition");
  const auto operation = text(json, "operation");
  const auto attempts = number(json, "attempts");
  const auto rate = number(json, "success_rate");
  const auto gap = number(json, "gap_ms_max");
  const Json* recoveries = field(json, "recoveries");
  if (!topic || !partition || !operation || !attempts || !rate || !gap || *gap > kMostGapMs)
    return std::nullopt;
  if (recoveries == nullptr || !recoveries->is_array()) return std::nullopt;
  Availability out{*topic,       static_cast<std::int64_t>(*partition),
                   *operation,   *attempts,
                   *rate,        *gap,
                   std::nullopt, {}};
  if (!take_time(json, "gap_began_at", out.gap_from_ns)) return std::nullopt;
  for (const Json& item : *recoveries) {
    auto recovery = parse_recovery(item);
    if (!recovery) return std::nullopt;
    out.recoveries.push_back(std::move(*recovery));
  }
  return out;
}

// Every element of the list `name` that can be read; returns how many cannot.
template <typename Item>
std::size_t take_list(const Json& data, const char* name, std::optional<Item> (*parse)(const Json&),
                      std::vector<Item>& out) {
  const Json* list = field(data, name);
  if (list == nullptr) return 0;
  if (!list->is_array()) return 1;
  std::size_t unreadable = 0;
  for (const Json& json : *list) {
    if (auto item = parse(json)) {
      out.push_back(std::move(*item));
    } else {
      ++unreadable;
    }
  }
  return unreadable;
}

}  // namespace

Series parse_series(std::string_view lines) {
  Series out;
  std::size_t number = 0, unreadable = 0, first_unreadable = 0;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    ++number;
    if (line.empty()) continue;
    if (!take_line(line, out) && unreadable++ == 0) first_unreadable = number;
  }
  std::ranges::stable_sort(out.seconds, {}, &Second::begin_ns);
  std::ranges::stable_sort(out.readings, {}, &Reading::at_ns);
  if (unreadable > 0) {
    out.problem = std::to_string(unreadable) + " of " + std::to_string(number) +
                  " lines cannot be read, the first is line " + std::to_string(first_unreadable);
  }
  return out;
}

Disturbances parse_disturbances(const Json& data) {
  Disturbances out;
  const std::size_t faults = take_list(data, "faults", parse_fault, out.faults);
  const std::size_t others = take_list(data, "availability", parse_availability, out.partitions);
  if (faults > 0) out.problem = std::to_string(faults) + " of its faults cannot be read";
  if (others > 0) {
    out.problem += (faults > 0 ? ", " : "") + std::to_string(others) +
                   " of its partitions' availabilities cannot be read";
  }
  return out;
}

}  // namespace ks::report
