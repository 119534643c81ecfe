#pragma once

#include "lib/tool/tool.h"

namespace ks::probe {

// ks-probe: what a broker's protocol does, asked by hand.
tool::Spec probe_tool();

}  // namespace ks::probe
