#pragma once

namespace ks::cli {

// After this, SIGINT and SIGTERM are remembered instead of ending the process, so that a tool stops
// in order: deliveries are accounted for, histories closed, results written. A second one ends it.
void catch_stop_signals();

// The signal that asked us to stop, or 0.
int stop_signal();

}  // namespace ks::cli
