#pragma once

#include "lib/tool/tool.h"

namespace ks::ops {

// ks-restart: its options and what it does with them.
tool::Spec restart_command();

}  // namespace ks::ops
