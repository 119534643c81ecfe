#pragma once

#include <string>

#include "lib/tool/tool.h"

namespace ks::tool {

inline constexpr const char* kSeriesHelp =
    "file for the figures of each second, as JSON lines (a check's step: in its run folder)";

// Writes the lines of a series to the file that --series names, or to the run folder if this
// is the step of a check (KS_RUN_DIR); otherwise nowhere. The result names the file.
cli::Result<void> write_series(Session& session, const std::string& lines);

}  // namespace ks::tool
