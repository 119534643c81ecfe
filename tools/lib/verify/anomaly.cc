#include "lib/verify/anomaly.h"

#include <array>

namespace ks::verify {
namespace {

constexpr std::array<const char*, kAnomalyTypes> kNames{
    "lost",         "truncation",     "inconsistent-offset", "duplicate",         "phantom",
    "aborted-read", "producer-order", "nonmonotonic-send",   "nonmonotonic-poll", "poll-skip",
    "offset-gap",   "stale-read",     "commit-regressed",    "commit-ahead",      "group-skip",
    "group-replay", "corrupt"};

}  // namespace

const char* name_of(AnomalyType type) { return kNames[static_cast<std::size_t>(type)]; }

std::optional<AnomalyType> anomaly_of(std::string_view name) {
  for (int i = 0; i < kAnomalyTypes; ++i) {
    const auto type = static_cast<AnomalyType>(i);
    if (name == name_of(type)) return type;
  }
  return std::nullopt;
}

}  // namespace ks::verify
