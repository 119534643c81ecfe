#include "lib/cli/clock.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>

namespace ks::cli {
namespace {

// Of ".123Z".
std::optional<int> parse_milliseconds(std::string_view fraction) {
  if (fraction.size() != 5 || !fraction.starts_with('.') || !fraction.ends_with('Z')) return {};
  int ms = 0;
  for (const char digit : fraction.substr(1, 3)) {
    if (digit < '0' || digit > '9') return {};
    ms = ms * 10 + (digit - '0');
  }
  return ms;
}

}  // namespace

std::int64_t monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
      .count();
}

std::int64_t wall_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string format_rfc3339(std::int64_t time_ns) {
  const std::time_t seconds = static_cast<std::time_t>(time_ns / 1'000'000'000);
  const int ms = static_cast<int>(time_ns / 1'000'000 % 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
  char text[48];
  std::snprintf(text, sizeof text, "%s.%03dZ", date, ms);
  return text;
}

Result<std::int64_t> parse_rfc3339(std::string_view text) {
  const std::string copy(text);
  std::tm utc{};
  const char* rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  const auto ms = rest != nullptr ? parse_milliseconds(rest) : std::nullopt;
  if (!ms) {
    return fail("not a time '" + copy + "'", {}, "write it like 2026-01-31T12:00:00.000Z");
  }
  constexpr std::int64_t kMostSeconds = 9'000'000'000;  // 2255: nanoseconds fit 64 bits
  const std::int64_t seconds = timegm(&utc);
  if (seconds > kMostSeconds || seconds < -kMostSeconds) {
    return fail("time out of range '" + copy + "'", {}, "name a year from 1685 to 2255");
  }
  return (seconds * 1000 + *ms) * 1'000'000;
}

int remaining_ms(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

}  // namespace ks::cli
