#pragma once

#include "lib/tool/tool.h"
#include "lib/workload/consume.h"

namespace ks::workload {

// ks-consume: its options and what it does with them.
tool::Spec consume_command();

// What the options ask for, without where to start. Errors are bad usage.
cli::Result<ConsumePlan> consume_plan(const tool::Session& session);

}  // namespace ks::workload
