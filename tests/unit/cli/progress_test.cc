#include "lib/cli/progress.h"

#include <gtest/gtest.h>

namespace ks::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Progress, TellsWhatRunsForHowLongAndHowFarItIs) {
  EXPECT_EQ(progress_line("smoke", milliseconds(2900), seconds(50), "p 5 (2/s)", 80),
            "smoke  2 s of at most 50 s  p 5 (2/s)");
  EXPECT_EQ(progress_line("smoke", seconds(3), {}, "", 80), "smoke  3 s");
}

TEST(Progress, NeverBreaksIntoTwoLines) {
  EXPECT_EQ(progress_line("smoke", seconds(3), {}, std::string(100, 'x'), 20).size(), 19u);
}

}  // namespace
}  // namespace ks::cli
