#include "lib/cli/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace ks::cli {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array kDurations{Unit{"ns", 1},    Unit{"us", 1e3}, Unit{"ms", 1e6},
                                Unit{"s", 1e9},   Unit{"m", 60e9}, Unit{"min", 60e9},
                                Unit{"h", 3600e9}};
constexpr std::array kSizes{Unit{"", 1},
                            Unit{"B", 1},
                            Unit{"k", 1024},
                            Unit{"K", 1024},
                            Unit{"KiB", 1024},
                            Unit{"kB", 1000},
                            Unit{"KB", 1000},
                            Unit{"M", 1024.0 * 1024},
                            Unit{"MiB", 1024.0 * 1024},
                            Unit{"MB", 1e6},
                            Unit{"G", 1024.0 * 1024 * 1024},
                            Unit{"GiB", 1024.0 * 1024 * 1024},
                            Unit{"GB", 1e9}};
constexpr std::array kRates{Unit{"", 1}, Unit{"/s", 1}, Unit{"/m", 1.0 / 60},
                            Unit{"/h", 1.0 / 3600}};

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// Takes a non-negative number off the front of `text`; what follows stays in it.
Result<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, code] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (code != std::errc{} || std::signbit(value)) return fail("not a number");
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

template <std::size_t N>
Result<double> parse_with_unit(std::string_view text, const std::array<Unit, N>& units,
                               const char* what, const char* example) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  const Unit* unit = number ? find_unit(units, rest) : nullptr;
  if (unit == nullptr) {
    return fail(std::string("not a ") + what + " '" + std::string(text) + "'", {},
                std::string("write it like ") + example);
  }
  return *number * unit->factor;
}

// Beyond this a double no longer counts every nanosecond or byte, and int64 is near.
constexpr double kLargest = 9e18;

}  // namespace

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) {
    return fail("not a whole number '" + std::string(text) + "'");
  }
  return value;
}

Result<std::int32_t> parse_partition(std::string_view text) {
  const auto value = parse_count(text);
  if (!value || *value > std::numeric_limits<std::int32_t>::max()) {
    return fail("not a partition '" + std::string(text) + "'", {},
                "give its number, from 0 to 2147483647");
  }
  return static_cast<std::int32_t>(*value);
}

Result<Duration> parse_duration(std::string_view text) {
  const auto bad = [&] {
    return fail("not a duration '" + std::string(text) + "'", {}, "write it like 500ms, 10s or 2m");
  };
  if (text.empty()) return bad();
  double total_ns = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto number = take_number(rest);
    if (!number) return bad();
    const std::size_t length = std::min(rest.find_first_of("0123456789."), rest.size());
    const Unit* unit = find_unit(kDurations, rest.substr(0, length));
    if (unit == nullptr) return bad();
    total_ns += *number * unit->factor;
    rest.remove_prefix(length);
  }
  if (total_ns > kLargest) return bad();
  return Duration(std::llround(total_ns));
}

Result<std::uint64_t> parse_size(std::string_view text) {
  const auto bytes = parse_with_unit(text, kSizes, "size", "100, 4KiB or 2MiB");
  if (!bytes) return tl::make_unexpected(bytes.error());
  if (*bytes > kLargest) return fail("size out of range '" + std::string(text) + "'");
  return static_cast<std::uint64_t>(*bytes);
}

Result<double> parse_rate(std::string_view text) {
  return parse_with_unit(text, kRates, "rate", "50/s");
}

Result<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return fail("not a number '" + std::string(text) + "'");
  }
  return value;
}

double to_ms(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }

std::string format_duration(Duration duration) {
  const double ms = to_ms(duration);
  char text[48];
  if (ms < 1000) {
    std::snprintf(text, sizeof text, "%.0f ms", ms);
  } else if (ms < 60'000) {
    std::snprintf(text, sizeof text, "%.1f s", ms / 1000);
  } else {
    std::snprintf(text, sizeof text, "%.0f m %.0f s", std::floor(ms / 60'000),
                  std::fmod(ms, 60'000) / 1000);
  }
  return text;
}

}  // namespace ks::cli
