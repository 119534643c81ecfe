#include "lib/scenario/clock_offset.h"

#include <algorithm>
#include <cstdio>

#include "lib/cli/file.h"

namespace ks::scenario {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNsPerMs = 1e6;

double ms(std::int64_t ns) { return static_cast<double>(ns) / kNsPerMs; }

}  // namespace

std::optional<ClockOffset> estimate_offset(std::span<const ClockSample> samples) {
  std::optional<ClockOffset> best;
  for (const ClockSample& sample : samples) {
    const std::int64_t took_ns = sample.answered_ns - sample.asked_ns;
    if (took_ns < 0) continue;  // ours was set meanwhile
    const std::int64_t error_ns = took_ns / 2 + 1;
    if (best && error_ns >= best->error_ns) continue;
    best = ClockOffset{sample.theirs_ns - (sample.asked_ns + took_ns / 2), error_ns, 0};
  }
  if (best) best->samples = samples.size();
  return best;
}

std::int64_t spread_ns(std::span<const ClockOffset> offsets) {
  if (offsets.empty()) return 0;
  std::int64_t lowest = INT64_MAX;
  std::int64_t highest = INT64_MIN;
  for (const ClockOffset& each : offsets) {
    lowest = std::min(lowest, each.offset_ns - each.error_ns);
    highest = std::max(highest, each.offset_ns + each.error_ns);
  }
  return highest - lowest;
}

std::string text_of(const ClockOffset& offset) {
  char text[80];
  std::snprintf(text, sizeof text, "%+.2f ms ± %.2f ms", ms(offset.offset_ns), ms(offset.error_ns));
  return text;
}

Json to_json(const ClockOffset& offset) {
  return {{"offset_ms", ms(offset.offset_ns)},
          {"error_ms", ms(offset.error_ns)},
          {"offset_ns", offset.offset_ns},
          {"error_ns", offset.error_ns},
          {"samples", offset.samples}};
}

cli::Result<ClockOffset> read_clock_offset(const std::filesystem::path& file) {
  const auto text = cli::read_file(file);
  if (!text) return tl::make_unexpected(text.error());
  try {
    const Json json = Json::parse(*text);
    return ClockOffset{json.at("offset_ns"), json.at("error_ns"), json.at("samples")};
  } catch (const Json::exception& error) {
    return cli::fail("not what ks-run clock writes", file.string(), error.what());
  }
}

}  // namespace ks::scenario
