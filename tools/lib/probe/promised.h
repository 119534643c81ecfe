#pragma once

#include "lib/report/charter.h"
#include "lib/tool/tool.h"

namespace ks::probe {

// The charter of --charter; an empty one where the option is not given.
cli::Result<report::Charter> promised(const tool::Session& session);

// Whether the broker offers every version of every API that the charter promises. Each API is a
// threshold of the result; those that are not offered are a finding that names both ranges. A
// charter that promises none shows nothing.
// REQUIRES: the session's broker has told its versions.
void judge_promised(const report::Charter& charter, tool::Session& session);

}  // namespace ks::probe
