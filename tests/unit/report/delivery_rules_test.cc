#include "lib/report/delivery_rules.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lib/cli/file.h"
#include "mixed_summary.h"

namespace ks::report {
namespace {

// What is recommended because of these figures of one check, and of nothing else.
class DeliveryRules : public testing::Test {
 protected:
  DeliveryRules() {
    row_.spec.name = "broker_chaos";
    row_.client = "wire";
    check_.row = &row_;
  }

  void figure(std::string_view name, double value) { check_.figures[name] = value; }
  void limit(std::string_view name, double limit) {
    check_.limits[name] = {std::string(name), "<", limit, std::nullopt, true};
  }
  void expect_none() { EXPECT_TRUE(recommend({check_}, target_).empty()); }
  void expect(const std::string& setting, const std::string& figure,
              const std::string& advice = "") {
    const auto list = recommend({check_}, target_);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].setting, setting);
    EXPECT_TRUE(has(list[0].figure, figure)) << list[0].figure;
    EXPECT_TRUE(has(list[0].advice, advice)) << list[0].advice;
    EXPECT_FALSE(list[0].effect.empty());
  }

  std::string target_ = "kafka";
  Row row_;
  DeliveryCheck check_;
};

TEST_F(DeliveryRules, WithoutFiguresThereIsNothingToRecommend) {
  EXPECT_TRUE(recommend({}, "kafka").empty());
  expect_none();
}

TEST_F(DeliveryRules, ALossIsAMatterOfReplicas) {
  figure("lost", 0);
  expect_none();
  figure("lost", 3);
  expect("min.insync.replicas", "3 records are lost in `broker_chaos (wire)`");
  target_ = "kafscale";
  expect("none", "3 records are lost");
}

TEST_F(DeliveryRules, AnErrorThatReachedTheProducerIsAMatterOfItsPatience) {
  figure("produce_errors", 0);
  expect_none();
  figure("produce_errors", 2);
  expect("delivery.timeout.ms", "reached the producer in `broker_chaos (wire)`: 2.");
}

TEST_F(DeliveryRules, APauseIsToBeWaitedOut) {
  figure("produce_gap_ms", 999);
  expect_none();
  figure("produce_gap_ms", 21'300);
  expect("delivery.timeout.ms", "For 21.3 s nothing was acknowledged",
         "at 43 s or more (the gate's producers have 120 s)");
  figure("produce_gap_ms", 1500);
  expect("delivery.timeout.ms", "For 1.5 s", "at 30 s or more");
}

TEST_F(DeliveryRules, ADuplicateIsAMatterOfIdempotenceWhereTheBrokerHasIt) {
  figure("duplicates", 0);
  expect_none();
  figure("duplicates", 1);
  expect("enable.idempotence", "twice in the log of `broker_chaos (wire)`: 1,",
         "before, the failure of a broker could end such a producer with a fatal error");
  target_ = "kafscale";
  expect("none", "twice in the log of `broker_chaos (wire)`: 1,", "InitProducerId");
}

TEST_F(DeliveryRules, ARecoveryOfHalfTheLimitIsTooClose) {
  figure("produce_recovery_ms", 4000);
  expect_none();  // nobody limits it
  limit("produce_recovery_ms", 9000);
  expect_none();
  limit("produce_recovery_ms", 8000);
  expect("broker.session.timeout.ms", "back after 4 s in `broker_chaos (wire)`, of 8 s",
         "of profile `embedded`, runs with 2,000)");
  target_ = "kafscale";
  expect("reconnect.backoff.max.ms", "back after 4 s", "what the gate's clients ran with");
}

TEST_F(DeliveryRules, TheSlowerOfProducingAndReadingIsTold) {
  figure("produce_recovery_ms", 3000);
  figure("consume_recovery_ms", 4000);
  limit("produce_recovery_ms", 5000);
  limit("consume_recovery_ms", 5000);
  expect("broker.session.timeout.ms", "Reading was back after 4 s");
}

TEST_F(DeliveryRules, ACutNetworkIsNoMatterOfSessions) {
  row_.spec.name = "client_partition";
  figure("produce_recovery_ms", 4000);
  limit("produce_recovery_ms", 5000);
  expect_none();
}

TEST_F(DeliveryRules, AGroupThatWaitsForADeadMemberHasALongSession) {
  figure("resume_ms", 2900);
  expect_none();  // nobody tells the session
  figure("session_timeout_ms", 6000);
  expect_none();
  figure("resume_ms", 3000);
  expect("session.timeout.ms", "needed 3 s", "group.instance.id");
}

TEST_F(DeliveryRules, WhatIsReadAgainIsAMatterOfCommits) {
  figure("rereads", 0);
  expect_none();
  figure("rereads", 310);
  expect("auto.commit.interval.ms", "Records read again in `broker_chaos (wire)`: 310");
  figure("commit_interval_ms", 1000);
  expect("auto.commit.interval.ms", "by a consumer that commits every 1 s.");
  figure("replays", 0);
  expect("auto.commit.interval.ms", "commits every 1 s; none from before a commit.");
}

TEST_F(DeliveryRules, EventsThatComeAgainAreAMatterOfTheFlushInterval) {
  figure("replayed_events", 0);
  expect_none();
  figure("replayed_events", 54);
  figure("flush_interval_ms", 2000);
  expect("offset.flush.interval.ms",
         "after restarts of the worker: 54, of one that commits its offsets every 2 s.",
         "the gate's worker runs with 2,000)");
  figure("unexplained_events", 0);
  expect("offset.flush.interval.ms", "every 2 s; none from before the offset");
}

TEST_F(DeliveryRules, AWorkerThatIsSlowToComeBackNeedsASecondOne) {
  figure("worker_resume_ms", 999);
  expect_none();
  figure("worker_resume_ms", 4200);
  expect("scheduled.rebalance.max.delay.ms", "came 4.2 s after the start", "alone, with 0)");
}

TEST_F(DeliveryRules, TheLogThatPilesUpIsToldForAnHour) {
  figure("log_behind_bytes", 1024 * 1024);
  expect_none();  // of an outage of unknown length
  figure("outage_ms", 3600);
  expect("max_slot_wal_keep_size", "had kept 1 MiB", "about 1,000 MiB");
  figure("log_behind_bytes", 0);
  expect_none();
}

// What is said of the gate's own settings has to be what it sets.
TEST(DeliveryRulesOfTheGate, SayWhatTheGateRunsWith) {
  struct Setting {
    const char* file;
    const char* text;
  };
  for (const auto& [file, text] :
       {Setting{"embedded/server.properties", "\nbroker.session.timeout.ms=2000\n"},
        Setting{"traffic.sh", "--timeout 120s -X reconnect.backoff.max.ms=500"},
        Setting{"debezium/connect.sh", "\nscheduled.rebalance.max.delay.ms=0\n"}}) {
    const auto script = cli::read_file(std::string(KS_SOURCE "/gates/lib/") + file);
    ASSERT_TRUE(script) << script.error().message();
    EXPECT_TRUE(has(*script, text)) << text;
  }
}

TEST_F(DeliveryRules, TheWorstOfSeveralChecksIsTold) {
  figure("rereads", 3);
  DeliveryCheck other = check_;
  Row row = row_;
  row.client = "librdkafka";
  other.row = &row;
  other.figures["rereads"] = 7;
  const auto list = recommend({check_, other}, "kafka");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_TRUE(has(list[0].figure, "Records read again in `broker_chaos (librdkafka)`: 7"));
}

}  // namespace
}  // namespace ks::report
