#pragma once

#include <cstddef>
#include <string_view>

namespace ks::wire {

// Records that were left out of a message's bytes: they belong in front of byte `at`. Who sends the
// message gathers both, and megabytes of records are not copied.
struct Apart {
  std::size_t at = 0;
  std::string_view records;
};

}  // namespace ks::wire
