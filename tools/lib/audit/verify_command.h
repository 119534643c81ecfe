#pragma once

#include "lib/tool/tool.h"

namespace ks::audit {

// ks-verify: judges the history of a run, or prints it.
tool::Spec verify_command();

}  // namespace ks::audit
