#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/cli/error.h"

namespace ks::cli {

// The project's one clock. Intervals and deadlines use the monotonic one; only what leaves the host
// (identities, results) uses wall time.
using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

std::int64_t monotonic_ns();
std::int64_t wall_ns();

// RFC 3339 in UTC with milliseconds: 2026-01-31T12:00:00.000Z.
std::string format_rfc3339(std::int64_t time_ns);

// The reverse, for exactly that form; the result is nanoseconds since 1970.
Result<std::int64_t> parse_rfc3339(std::string_view text);

// Milliseconds until `deadline`, rounded up, never negative: what poll(2) and librdkafka take.
int remaining_ms(Deadline deadline);

}  // namespace ks::cli
