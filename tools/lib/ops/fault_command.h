#pragma once

#include "lib/tool/tool.h"

namespace ks::ops {

// ks-fault: its options and what it does with them.
tool::Spec fault_command();

}  // namespace ks::ops
