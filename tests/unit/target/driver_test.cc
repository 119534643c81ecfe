#include "lib/target/driver.h"

#include <gtest/gtest.h>

namespace ks::target {
namespace {

TEST(DriverTest, ProcessDriverNeedsAFolder) {
  Profile profile;
  profile.name = "embedded";
  profile.driver.kind = "process";
  const auto driver = make_driver(profile, {});
  ASSERT_FALSE(driver.has_value());
  EXPECT_EQ(driver.error().message(),
            "the process driver has no cluster folder: profile embedded; set KS_DRIVER_DIR or give "
            "--driver-dir");
}

TEST(DriverTest, EveryVerbHasAName) {
  EXPECT_EQ(to_string(Verb::kContinue), "continue");
  EXPECT_EQ(to_string(Verb::kStatus), "status");
  EXPECT_EQ(to_string(NodeState::kPaused), "paused");
}

TEST(DriverTest, AnotherStartIsAnotherInstance) {
  const Sight sight{NodeState::kRunning, "container", "abc", "1", true};
  Sight other = sight;
  other.state = NodeState::kStopped;
  EXPECT_TRUE(sight.is_instance_of(other));
  other.since = "2";
  EXPECT_FALSE(sight.is_instance_of(other));
}

}  // namespace
}  // namespace ks::target
