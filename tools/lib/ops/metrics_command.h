#pragma once

#include "lib/tool/tool.h"

namespace ks::ops {

// ks-metrics: its options and what it does with them.
tool::Spec metrics_command();

}  // namespace ks::ops
