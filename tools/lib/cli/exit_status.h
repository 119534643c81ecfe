#pragma once

namespace ks::cli {

// The exit status of every executable and gate. A signal n ends a tool with 128+n.
enum class ExitStatus {
  kPassed = 0,        // everything that was asked held
  kViolated = 1,      // a check was violated
  kCannotRun = 2,     // bad usage, bad input, set-up, unreachable
  kInconclusive = 3,  // it ran, but there is too little evidence to say yes
};

}  // namespace ks::cli
