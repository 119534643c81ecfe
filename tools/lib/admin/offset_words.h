#pragma once

#include <cstdint>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/client/client.h"
#include "lib/client/offset_word.h"

namespace ks::admin {

using client::OffsetWord;

// An offset to look up or to commit: "beginning", "end", "s@MS" or a number from 0.
cli::Result<OffsetWord> parse_offset(std::string_view text);

// "topic[3]=42".
cli::Result<client::Position> parse_position(std::string_view text);

}  // namespace ks::admin
