#pragma once

#include "lib/ops/restart_verbs.h"
#include "lib/tool/tool.h"

namespace ks::ops {

// How brokers are asked. A cluster folder has its nodes' plain addresses, whatever others the
// profile says.
inline wire::Access access_of(const tool::Session& session) {
  return session.profile.driver.kind == "process" ? wire::Access{} : session.access();
}

// What ks-restart does with `nodes`, some of the driver's.

// A verb that changes something. An effect that is not confirmed is inconclusive.
cli::Result<void> act(tool::Session& session, target::BrokerDriver& driver,
                      const VerbRequest& request);

// One line a node; a node that does not answer fails it.
cli::Result<void> show_status(tool::Session& session, target::BrokerDriver& driver,
                              const target::Nodes& nodes);

// Looks at the nodes, until all of them answer.
cli::Result<void> wait_ready(tool::Session& session, target::BrokerDriver& driver,
                             const target::Nodes& nodes);

}  // namespace ks::ops
