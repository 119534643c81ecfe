#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "lib/cli/error.h"

namespace ks::workload {

// By partition: where a topic ended when somebody looked.
using RecordedEnds = std::map<std::int32_t, std::int64_t>;

// The ends of `topic` in a result of `ks-offsets list`. Errors: a file that is none, or has none of
// this topic.
cli::Result<RecordedEnds> read_recorded_ends(const std::filesystem::path& file,
                                             const std::string& topic);

}  // namespace ks::workload
