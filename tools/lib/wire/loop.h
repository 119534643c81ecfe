#pragma once

#include <functional>
#include <memory>

#include "lib/cli/clock.h"
#include "lib/cli/units.h"

namespace ks::wire {

// One thread's event loop. Whatever is made on it calls back only while one of the run functions
// runs, on the thread that runs it, and must go before it.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until `done()` holds, at most until `deadline`. Whether it holds. A callback may run it,
  // too.
  bool run_until(cli::Deadline deadline, const std::function<bool()>& done);

  // Runs everything that is ready, after waiting up to `timeout` for the first of it.
  void run_ready(cli::Duration timeout);

  // Calls `action` in one of the next rounds: for what must not happen inside the caller.
  void post(std::function<void()> action);

  struct Impl;  // Boost.Asio's context, see loop_impl.h
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
  int depth_ = 0;  // of run functions that run, each within a callback of the one before
};

// Calls back once, at a time. Setting it again replaces what was set.
class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();  // nothing is called any more
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void set(cli::Deadline when, std::function<void()> action);
  void cancel();
  bool is_set() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace ks::wire
