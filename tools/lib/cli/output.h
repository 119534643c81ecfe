#pragma once

#include <string_view>

#include "lib/cli/error.h"

// Standard output, which is data: whoever reads it must get it soon, and in full.
namespace ks::cli {

// Buffered. An error shows at the next flush.
void print(std::string_view text);

// Hands over what was printed. Errors are sticky: what was lost once stays lost.
Result<void> flush_output();

// The same where the last flush is 100 ms ago. For loops that print much: call it in each round.
Result<void> tick_output();

}  // namespace ks::cli
