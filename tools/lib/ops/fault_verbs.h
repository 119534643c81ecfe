#pragma once

#include <string>
#include <vector>

#include "lib/ops/fault.h"
#include "lib/ops/fault_paths.h"
#include "lib/tool/tool.h"

namespace ks::ops {

// What ks-fault does. Each returns an error where it could not be done; what was not seen from
// outside is inconclusive.

// Puts the fault in place on all paths, sees it there, and, unless it is to stay, holds it and
// heals it. Whatever fails, or interrupts it, after it began: what was put in place is removed.
cli::Result<void> inject(tool::Session& session, const target::Toxiproxy& api, const Fault& fault,
                         const std::vector<Path>& paths);

// Removes every toxic of ours and enables what we disabled, whichever run did it.
cli::Result<void> heal(tool::Session& session, const target::Toxiproxy& api,
                       const std::vector<Path>& paths);

// Enables the proxies, whoever disabled them.
cli::Result<void> bring_up(tool::Session& session, const target::Toxiproxy& api,
                           const std::vector<Path>& paths);

// Prints each proxy, its toxics and which of them are ours.
cli::Result<void> list_faults(tool::Session& session, const target::Toxiproxy& api);

}  // namespace ks::ops
