#include "lib/target/wait.h"

#include <gtest/gtest.h>

#include <csignal>

namespace ks::target {
namespace {

// In a process of its own: the signal is remembered for good.
TEST(WaitTest, WhatMustNotStayHalfDoneIsWaitedForWhateverSignalComes) {
  const auto stopped = [] {
    cli::catch_stop_signals();
    std::raise(SIGTERM);
    const cli::Deadline done = cli::Clock::now() + std::chrono::milliseconds(50);
    const auto is_done = [done] { return cli::Clock::now() >= done; };
    const cli::Deadline soon = cli::Clock::now() + std::chrono::seconds(5);
    std::exit((wait_until(is_done, soon) ? 1 : 0) + (wait_unmoved(is_done, soon) ? 0 : 2));
  };
  EXPECT_EXIT(stopped(), ::testing::ExitedWithCode(0), "");
}

TEST(WaitTest, ItIsBounded) {
  EXPECT_FALSE(wait_unmoved([] { return false; }, cli::Clock::now()));
}

}  // namespace
}  // namespace ks::target
