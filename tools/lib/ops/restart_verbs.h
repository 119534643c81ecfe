#pragma once

#include <string>
#include <vector>

#include "lib/target/driver.h"
#include "lib/tool/tool.h"

namespace ks::ops {

// What ks-restart does with `nodes`, some of the driver's.

// stop, kill, start or restart. An effect that is not confirmed is inconclusive.
cli::Result<void> act(tool::Session& session, target::BrokerDriver& driver, const std::string& verb,
                      const std::vector<std::string>& nodes);

// One line a node; a node that does not answer fails it.
cli::Result<void> show_status(tool::Session& session, target::BrokerDriver& driver,
                              const std::vector<std::string>& nodes);

// Asks the nodes' addresses alone, until all of them answer.
cli::Result<void> wait_ready(tool::Session& session, const target::BrokerDriver& driver,
                             const std::vector<std::string>& nodes, const wire::Access& access);

}  // namespace ks::ops
