#include "lib/wire/loop.h"

#include <gtest/gtest.h>

namespace ks::wire {
namespace {

using namespace std::chrono_literals;

// Of what ended while it was begun, as a short write does, a callback that waits would never hear.
TEST(Loop, ACallbackMayWaitForWhatItBegan) {
  Loop loop;
  bool has_ended = false;
  bool was_seen = false;
  loop.post([&] {
    loop.post([&] { has_ended = true; });
    was_seen = loop.run_until(cli::Clock::now() + 2s, [&] { return has_ended; });
  });
  loop.run_ready(0s);
  EXPECT_TRUE(was_seen);
}

}  // namespace
}  // namespace ks::wire
