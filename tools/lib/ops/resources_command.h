#pragma once

#include "lib/tool/tool.h"

namespace ks::ops {

// ks-resources: what brokers use while others do something with them.
tool::Spec resources_command();

}  // namespace ks::ops
