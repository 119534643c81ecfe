#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

#include "lib/cli/error.h"

// How far the wall clock of another machine is from ours, as NTP estimates it.
namespace ks::scenario {

// One question and its answer. Our clock when it was sent and when the answer was there; theirs in
// between. Nanoseconds since 1970.
struct ClockSample {
  std::int64_t asked_ns = 0;
  std::int64_t theirs_ns = 0;
  std::int64_t answered_ns = 0;
};

// Theirs minus ours. The truth lies within `error_ns` of it, whichever way the network delays more:
// the answer was given between the question and its arrival.
struct ClockOffset {
  std::int64_t offset_ns = 0;
  std::int64_t error_ns = 0;
  std::uint64_t samples = 0;

  bool operator==(const ClockOffset&) const = default;
};

// Of the exchange that took the shortest time. Nothing where there is none, or an answer was there
// before its question.
std::optional<ClockOffset> estimate_offset(std::span<const ClockSample> samples);

// By how much times that two of these clocks tell may be apart: between the lowest and the highest
// that their errors allow.
std::int64_t spread_ns(std::span<const ClockOffset> offsets);

// "+12.3 ms ± 0.4 ms".
std::string text_of(const ClockOffset& offset);

nlohmann::ordered_json to_json(const ClockOffset& offset);
// A file that `ks-run clock --json` wrote; errors name it.
cli::Result<ClockOffset> read_clock_offset(const std::filesystem::path& file);

}  // namespace ks::scenario
