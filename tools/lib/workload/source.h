#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lib/cli/error.h"
#include "lib/cli/units.h"

namespace ks::workload {

// One record that a user gave: key and value are sent untouched, the identity goes in a header.
struct GivenRecord {
  std::optional<std::string> key;
  std::string value;
};

enum class Given { kRecord, kNotYet, kEnd };

// Puts the next record there, waiting for it at most so long.
using Source = std::function<cli::Result<Given>(GivenRecord&, cli::Duration)>;

// The lines of standard input, or whatever else `fd` is; the first `key_delimiter` of a line, if it
// is not empty, splits key from value. The last line may lack its line break.
Source lines_of(int fd, std::string key_delimiter);

}  // namespace ks::workload
