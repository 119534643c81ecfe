#include "lib/target/run_command.h"

#include <gtest/gtest.h>

namespace ks::target {
namespace {

Patience patience() { return {cli::Clock::now() + std::chrono::seconds(10), {}}; }

TEST(RunCommandTest, ProgramsGiveTheirOutput) {
  EXPECT_EQ(run_program({"printf", "%s|", "a b", "$c"}, patience()).value(), "a b|$c|");
  const std::string large = run_program({"seq", "100000"}, patience()).value();
  EXPECT_TRUE(large.ends_with("\n100000\n")) << "more than a pipe holds";
}

TEST(RunCommandTest, FailuresHaveTheLastLineOfStderr) {
  const auto ran =
      run_program({"sh", "-c", "echo out; echo a >&2; echo why >&2; exit 3"}, patience());
  EXPECT_EQ(ran.error().what, "command ended with status 3");
  EXPECT_EQ(ran.error().action, "why");
}

TEST(RunCommandTest, MissingProgramsAreNamed) {
  EXPECT_EQ(run_program({"no-such-program", "x"}, patience()).error().what,
            "there is no no-such-program here");
  EXPECT_EQ(find_program("/no/such"), "");
  EXPECT_NE(find_program("sh"), "");
}

TEST(RunCommandTest, TheDeadlineEndsAProgram) {
  int looks = 0;
  const Patience short_one{cli::Clock::now() + std::chrono::milliseconds(50), [&] { ++looks; }};
  EXPECT_EQ(run_program({"sleep", "60"}, short_one).error().what, "command did not end in time");
  EXPECT_GT(looks, 0);
}

}  // namespace
}  // namespace ks::target
