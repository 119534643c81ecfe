#include "lib/target/driver.h"

#include <gtest/gtest.h>

namespace ks::target {
namespace {

// Does nothing; its verbs return what a test wants, and it notes which were called.
class ScriptedDriver : public BrokerDriver {
 public:
  cli::Result<Nodes> nodes() const override { return Nodes{"n"}; }
  cli::Result<std::vector<wire::Address>> addresses(const Nodes&) const override {
    return std::vector<wire::Address>{};
  }
  cli::Result<Effect> stop(const Nodes&) override { return called("stop", down); }
  cli::Result<Effect> kill(const Nodes&) override { return called("kill", down); }
  cli::Result<Effect> start(const Nodes&) override { return called("start", up); }
  cli::Result<std::vector<NodeStatus>> status(const Nodes&) override {
    return std::vector<NodeStatus>{};
  }

  Effect down{{{"n", "stopped", true, true, "pid 1 is gone", 0}}, {{"stop_ms", 5}}};
  Effect up{{{"n", "started", true, true, "pid 2 answers", 7}}, {{"ready_ms", 9}}};
  std::string calls;

 private:
  cli::Result<Effect> called(const char* verb, const Effect& effect) {
    calls += std::string(verb) + " ";
    return effect;
  }
};

TEST(DriverTest, RestartIsStopThenStart) {
  ScriptedDriver driver;
  const Effect effect = driver.restart({"n"}, false).value();
  EXPECT_EQ(driver.calls, "stop start ");
  EXPECT_TRUE(effect.confirmed());
  EXPECT_EQ(effect.events.front().event, "restarted");
  EXPECT_EQ(effect.events.front().detail, "pid 1 is gone; pid 2 answers");
  EXPECT_EQ(effect.events.front().at_ns, 7);
  EXPECT_EQ(effect.metrics, (std::map<std::string, double>{{"stop_ms", 5}, {"ready_ms", 9}}));
}

TEST(DriverTest, HardRestartKills) {
  ScriptedDriver driver;
  ASSERT_TRUE(driver.restart({"n"}, true).has_value());
  EXPECT_EQ(driver.calls, "kill start ");
}

TEST(DriverTest, WhatDoesNotGoDownIsNotStartedAgain) {
  ScriptedDriver driver;
  driver.down.events.front().confirmed = false;
  EXPECT_FALSE(driver.restart({"n"}, false).value().confirmed());
  EXPECT_EQ(driver.calls, "stop ");
}

TEST(DriverTest, WhatWasNotRunningIsStartedButNotRestarted) {
  ScriptedDriver driver;
  driver.down.events.front().changed = false;
  const Effect effect = driver.restart({"n"}, false).value();
  EXPECT_EQ(driver.calls, "stop start ");
  EXPECT_FALSE(effect.confirmed());
  EXPECT_EQ(effect.events.front().detail, "was not running before: started, not restarted");
}

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

}  // namespace
}  // namespace ks::target
