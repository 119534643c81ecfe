#pragma once

#include <cstdint>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/client/client.h"

namespace ks::admin {

// A place in a partition as kcat's -o writes it.
struct OffsetWord {
  enum class Kind { kBeginning, kEnd, kTimestamp, kNumber };
  Kind kind = Kind::kEnd;
  std::int64_t value = 0;  // kTimestamp: ms since 1970; kNumber: the offset
};

// "beginning", "end", "s@MS" or a number from 0.
cli::Result<OffsetWord> parse_offset(std::string_view text);

// "topic[3]=42".
cli::Result<client::Position> parse_position(std::string_view text);

}  // namespace ks::admin
