#pragma once

#include "lib/tool/tool.h"

namespace ks::workload {

// ks-produce: its options and what it does with them.
tool::Spec produce_command();

}  // namespace ks::workload
