#include "lib/wire/loop.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "lib/wire/loop_impl.h"

namespace ks::wire {

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

namespace {

class Running {
 public:
  explicit Running(int& depth) : depth_(depth) { ++depth_; }
  ~Running() { --depth_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  int& depth_;
};

}  // namespace

bool Loop::run_until(cli::Deadline deadline, const std::function<bool()>& done) {
  const bool is_nested = depth_ > 0;
  const Running running(depth_);
  while (!done()) {
    // What a callback begins may end at once, and then waits for the callback to return, which
    // waits here. Of Asio's functions only poll() takes it along.
    if (is_nested && impl_->context.poll() != 0) continue;
    if (impl_->context.run_one_until(deadline) == 0) return done();
  }
  return true;
}

void Loop::run_ready(cli::Duration timeout) {
  const Running running(depth_);
  if (impl_->context.poll() != 0 || timeout <= cli::Duration::zero()) return;
  if (impl_->context.run_one_for(timeout) != 0) impl_->context.poll();
}

void Loop::post(std::function<void()> action) {
  boost::asio::post(impl_->context, std::move(action));
}

struct Timer::Impl {
  explicit Impl(Loop& loop) : timer(loop.impl().context) {}

  boost::asio::steady_timer timer;
  std::function<void()> action;  // empty: not set
  std::uint64_t round = 0;       // tells an expiry that was overtaken by a later set() or cancel()
};

Timer::Timer(Loop& loop) : impl_(std::make_shared<Impl>(loop)) {}
Timer::~Timer() { cancel(); }

void Timer::set(cli::Deadline when, std::function<void()> action) {
  impl_->action = std::move(action);
  const std::uint64_t round = ++impl_->round;
  impl_->timer.expires_at(when);
  impl_->timer.async_wait([impl = impl_, round](const boost::system::error_code& error) {
    if (error || impl->round != round) return;
    std::exchange(impl->action, nullptr)();
  });
}

void Timer::cancel() {
  ++impl_->round;
  impl_->action = nullptr;
  impl_->timer.cancel();
}

bool Timer::is_set() const { return static_cast<bool>(impl_->action); }

}  // namespace ks::wire
