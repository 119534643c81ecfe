#pragma once

namespace ks::cli {

// After this, SIGINT and SIGTERM are remembered instead of ending the process, so that a tool stops
// in order: deliveries are accounted for, histories closed, results written. A second one ends it.
void catch_stop_signals();

// SIGHUP, too, unless it is ignored (nohup): for tools that must undo something when the terminal
// goes.
void catch_hangup();

// The signal that asked us to stop, or 0.
int stop_signal();

// While one lives, a second signal does not end the process either: what is being undone then must
// not stay half done. Its owner bounds how long that takes.
class StopSignalsHeld {
 public:
  StopSignalsHeld();
  ~StopSignalsHeld();
  StopSignalsHeld(const StopSignalsHeld&) = delete;
  StopSignalsHeld& operator=(const StopSignalsHeld&) = delete;
};

}  // namespace ks::cli
