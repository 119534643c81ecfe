#include "lib/ops/restart_verbs.h"

#include <gtest/gtest.h>

#include <map>

namespace ks::ops {
namespace {

using target::BrokerDriver;
using target::Nodes;
using target::NodeState;
using target::Order;
using target::Sight;
using target::Verb;

// Nodes without an address, which are what the last order made them. It notes its orders.
class PlayedDriver : public BrokerDriver {
 public:
  cli::Result<Nodes> nodes() override { return Nodes{"a", "b"}; }
  cli::Result<std::vector<wire::Address>> addresses(const Nodes&) const override {
    return std::vector<wire::Address>{};
  }
  bool has(Verb verb) const override { return orders_of_its_own.contains(verb); }
  bool brings_back(Verb verb) const override { return verb == Verb::kRestart; }
  cli::Result<void> check(const Order& order) override {
    if (order.verb == refused) return cli::fail("refused");
    return {};
  }
  cli::Result<void> give(const Order& order, const target::Patience&) override {
    for (const std::string& node : order.nodes) {
      calls += std::string(to_string(order.verb)) + "-" + node + " ";
      if (node == inert) continue;
      const bool ends = order.verb == Verb::kStop || order.verb == Verb::kKill;
      if (!ends) ++instances[node];
      is_up[node] = !ends;
    }
    return {};
  }
  cli::Result<std::vector<Sight>> look(const Nodes& nodes) override {
    std::vector<Sight> sights;
    for (const std::string& node : nodes) {
      const bool up = is_up[node];
      sights.push_back({up ? NodeState::kRunning : NodeState::kStopped, "pid",
                        std::to_string(instances[node]), "0", up});
      if (node == dies && !up) sights.back().death = cli::Error{"died", node, {}};
    }
    return sights;
  }
  std::chrono::milliseconds interval() const override { return std::chrono::milliseconds(1); }

  std::set<Verb> orders_of_its_own{Verb::kStop, Verb::kKill, Verb::kStart};
  std::optional<Verb> refused;
  std::string inert;  // a node that orders do nothing to
  std::string dies;
  std::map<std::string, bool> is_up{{"a", true}, {"b", true}};
  std::map<std::string, int> instances;
  std::string calls;
};

class RestartVerbsTest : public testing::Test {
 protected:
  cli::Result<Effect> perform(const VerbRequest& request) {
    return Verbs(driver_, access_, std::chrono::milliseconds(100), faults_).perform(request);
  }

  PlayedDriver driver_;
  const wire::Access access_{};
  FaultLog faults_;
};

TEST_F(RestartVerbsTest, RestartIsStopThenStart) {
  const Effect effect = perform({Verb::kRestart, {"a", "b"}}).value();
  EXPECT_EQ(driver_.calls, "stop-a stop-b start-a start-b ");
  EXPECT_TRUE(effect.confirmed());
  const NodeEvent& event = effect.events.front();
  EXPECT_EQ(event.event, "restarted");
  EXPECT_EQ(event.detail, "pid 0 ended; pid 1 answers");
  EXPECT_LE(event.begun_ns, event.gone_ns.value());
  EXPECT_LE(event.gone_ns.value(), event.up_ns.value());
  EXPECT_TRUE(effect.metrics.contains("stop_ms") && effect.metrics.contains("ready_ms"));
}

TEST_F(RestartVerbsTest, HardRestartKills) {
  ASSERT_TRUE(perform({Verb::kRestart, {"a"}, true}).has_value());
  EXPECT_EQ(driver_.calls, "kill-a start-a ");
}

TEST_F(RestartVerbsTest, AnOrderOfTheDriversOwnComesFirst) {
  driver_.orders_of_its_own.insert(Verb::kRestart);
  EXPECT_TRUE(perform({Verb::kRestart, {"a"}}).value().confirmed());
  EXPECT_EQ(driver_.calls, "restart-a ");
}

TEST_F(RestartVerbsTest, WhatDoesNotGoDownIsNotStartedAgain) {
  driver_.inert = "a";
  const Effect effect = perform({Verb::kRestart, {"a"}}).value();
  EXPECT_FALSE(effect.confirmed());
  EXPECT_FALSE(effect.events.front().gone_ns.has_value());
  EXPECT_EQ(effect.events.front().detail, "pid 0 still runs");
  EXPECT_EQ(driver_.calls, "stop-a ");
}

TEST_F(RestartVerbsTest, WhatWasNotRunningIsStartedButNotRestarted) {
  driver_.is_up["a"] = false;
  const Effect effect = perform({Verb::kRestart, {"a"}}).value();
  EXPECT_EQ(driver_.calls, "stop-a start-a ");
  EXPECT_FALSE(effect.confirmed());
  EXPECT_EQ(effect.events.front().detail, "was not running before: started, not restarted");
}

TEST_F(RestartVerbsTest, StoppingWhatIsStoppedIsFineButKillsNothing) {
  driver_.is_up["a"] = false;
  const Effect stopped = perform({Verb::kStop, {"a"}}).value();
  EXPECT_TRUE(stopped.confirmed());
  EXPECT_FALSE(stopped.events.front().changed);
  EXPECT_FALSE(perform({Verb::kKill, {"a"}}).value().confirmed());
}

TEST_F(RestartVerbsTest, ContinueDoesNotWaitForWhatIsStopped) {
  driver_.is_up["a"] = false;
  const Effect effect = perform({Verb::kContinue, {"a", "b"}}).value();
  EXPECT_FALSE(effect.confirmed());
  ASSERT_EQ(effect.events.size(), 2U);
  EXPECT_TRUE(effect.events[0].confirmed);
  EXPECT_EQ(effect.events[1].node, "a");
  EXPECT_EQ(effect.events[1].detail, "was not running");
  EXPECT_EQ(driver_.calls, "");  // the other was running before
}

TEST_F(RestartVerbsTest, NothingIsTouchedWhereAPartWouldBeRefused) {
  driver_.refused = Verb::kStart;
  for (const Verb verb : {Verb::kRestart, Verb::kRolling, Verb::kStart}) {
    EXPECT_FALSE(perform({verb, {"a"}}).has_value());
  }
  EXPECT_FALSE(perform({Verb::kScale, {}, false, 1}).has_value());
  EXPECT_EQ(driver_.calls, "");
}

TEST_F(RestartVerbsTest, RollingTakesOneAfterTheOther) {
  EXPECT_TRUE(perform({Verb::kRolling, {"a", "b"}}).value().confirmed());
  EXPECT_EQ(driver_.calls, "stop-a start-a stop-b start-b ");
}

TEST_F(RestartVerbsTest, RollingEndsWithTheFirstThatFails) {
  driver_.inert = "a";
  const Effect effect = perform({Verb::kRolling, {"a", "b"}}).value();
  EXPECT_EQ(effect.events.size(), 1u);
  EXPECT_EQ(effect.events.front().detail, "pid 0 still runs; those behind it were left alone");
  EXPECT_EQ(driver_.calls, "stop-a ");
}

TEST_F(RestartVerbsTest, ScaleLeavesTheFirstRunning) {
  driver_.is_up["a"] = false;
  const Effect effect = perform({Verb::kScale, {}, false, 1}).value();
  EXPECT_TRUE(effect.confirmed());
  EXPECT_EQ(driver_.calls, "start-a stop-b ");
  EXPECT_EQ(effect.metrics.at("brokers"), 1);
  EXPECT_EQ(perform({Verb::kScale, {}, false, 3}).error().what, "there are only 2 nodes to scale");
}

TEST_F(RestartVerbsTest, StartLeavesAloneWhatAnswers) {
  driver_.is_up["b"] = false;
  const Effect effect = perform({Verb::kStart, {"a", "b"}}).value();
  EXPECT_EQ(driver_.calls, "start-b ");
  EXPECT_FALSE(effect.events[0].changed);
  EXPECT_EQ(effect.events[0].detail, "was running before, pid 0");
  EXPECT_TRUE(effect.events[1].changed);
}

TEST_F(RestartVerbsTest, ANodeThatDiesWhileItStartsIsAnError) {
  driver_.is_up["a"] = false;
  driver_.inert = driver_.dies = "a";
  EXPECT_EQ(perform({Verb::kStart, {"a"}}).error().what, "died");
}

}  // namespace
}  // namespace ks::ops
