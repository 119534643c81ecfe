#pragma once

#include "lib/tool/tool.h"

namespace ks::admin {

// ks-admin and ks-offsets: their options and what they do with them.
tool::Spec admin_tool();
tool::Spec offsets_tool();

}  // namespace ks::admin
