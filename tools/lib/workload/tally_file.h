#pragma once

#include <memory>

#include "lib/cli/tally.h"
#include "lib/tool/tool.h"

namespace ks::workload {

inline constexpr const char* kTallyHelp =
    "file in which all that name it count their records together, for who looks on";

// The tally that --tally names, else none.
cli::Result<std::unique_ptr<cli::Tally>> open_tally(const tool::Session& session);

}  // namespace ks::workload
