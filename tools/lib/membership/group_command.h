#pragma once

#include "lib/tool/tool.h"

namespace ks::membership {

// ks-group: its options and what it does with them.
tool::Spec group_command();

}  // namespace ks::membership
