#include "lib/cli/signals.h"

#include <csignal>

namespace ks::cli {
namespace {

volatile std::sig_atomic_t g_stop_signal = 0;
volatile std::sig_atomic_t g_held = 0;

void remember(int signal) {
  if (g_stop_signal != 0 && g_held != 0) return;
  if (g_stop_signal != 0) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  g_stop_signal = signal;
}

}  // namespace

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = remember;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void catch_hangup() {
  struct sigaction action {};
  sigaction(SIGHUP, nullptr, &action);
  if (action.sa_handler == SIG_IGN) return;
  action.sa_handler = remember;
  sigaction(SIGHUP, &action, nullptr);
}

int stop_signal() { return g_stop_signal; }

StopSignalsHeld::StopSignalsHeld() { g_held = 1; }
StopSignalsHeld::~StopSignalsHeld() { g_held = 0; }

}  // namespace ks::cli
