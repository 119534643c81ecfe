#pragma once

#include <exception>

#include "lib/cli/error.h"

namespace ks::cli {

// What `run` returns. What was thrown within, for want of memory or by a library, is an error like
// any other.
template <typename Run>
auto caught(Run run) -> decltype(run()) {
  try {
    return run();
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}

}  // namespace ks::cli
