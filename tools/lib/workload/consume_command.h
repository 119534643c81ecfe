#pragma once

#include "lib/tool/tool.h"

namespace ks::workload {

// ks-consume: its options and what it does with them.
tool::Spec consume_command();

}  // namespace ks::workload
