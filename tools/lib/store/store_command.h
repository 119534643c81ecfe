#pragma once

#include "lib/tool/tool.h"

namespace ks::store {

// ks-store: what KafScale's object store holds of a topic, and whether that is what was
// acknowledged.
tool::Spec store_command();

}  // namespace ks::store
