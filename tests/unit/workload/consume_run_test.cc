#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "../support/scratch_folder.h"
#include "lib/workload/consume.h"

namespace ks::workload {
namespace {

using history::Event;
using history::Kind;

constexpr std::uint32_t kTopic = 1;
constexpr std::uint32_t kGroup = 2;

// Plays one step of a script a poll, then reaches the end of the partition.
class ScriptedConsumer : public client::Consumer {
 public:
  using Step = std::function<void(client::ConsumerListener&)>;
  explicit ScriptedConsumer(std::vector<Step> steps) : steps_(std::move(steps)) {}

  cli::Result<void> assign(const std::vector<client::Position>&) override { return {}; }
  cli::Result<void> subscribe(const std::vector<std::string>&) override { return {}; }
  cli::Result<void> poll(cli::Duration, client::ConsumerListener& listener) override {
    if (next_ < steps_.size()) {
      steps_[next_++](listener);
    } else {
      listener.on_end({"orders", 0}, 10);
    }
    return {};
  }
  cli::Result<void> commit(const std::vector<client::Position>&) override { return {}; }
  void close(client::ConsumerListener&) override {}
  std::uint64_t disconnects() const override { return 0; }
  std::string explain() const override { return ""; }

 private:
  std::vector<Step> steps_;
  std::size_t next_ = 0;
};

void bring(client::ConsumerListener& listener, std::int64_t offset, std::int32_t partition = 0) {
  client::ConsumedRecord record;
  record.topic = "orders";
  record.partition = partition;
  record.offset = offset;
  record.value = "somebody else's";
  record.headers = [] { return std::vector<client::Header>(); };
  listener.on_record(record);
}

// Expectations on these metrics, whatever they say.
report::Judges judging(std::set<std::string> metrics) {
  return [metrics = std::move(metrics)](const std::string& metric) {
    return metrics.count(metric) != 0;
  };
}

std::vector<Event> events_of(std::vector<ScriptedConsumer::Step> steps, const std::string& group) {
  std::vector<Event> events;
  ConsumePlan plan;
  plan.topic = "orders";
  plan.group = group;
  if (group.empty()) plan.assignment = {{{"orders", 0}, 4}};
  plan.stop_at_end = true;
  plan.timeout = std::chrono::seconds(20);
  ConsumeSinks sinks;
  sinks.event = [&](const Event& event) { events.push_back(event); };
  ConsumeRun run(plan, sinks, kTopic, group.empty() ? 0 : kGroup);
  ScriptedConsumer consumer(std::move(steps));
  EXPECT_TRUE(run.run(consumer));
  return events;
}

std::vector<Kind> kinds_of(const std::vector<Event>& events) {
  std::vector<Kind> kinds;
  for (const Event& event : events) kinds.push_back(event.kind);
  return kinds;
}

TEST(ConsumeRun, APollStandsBehindWhatItBroughtAndAnEmptyOneNowhere) {
  const auto events = events_of({[](auto& listener) {
                                   bring(listener, 4);
                                   bring(listener, 5);
                                 },
                                 [](auto&) {}, [](auto& listener) { bring(listener, 6); }},
                                "");
  EXPECT_EQ(kinds_of(events),
            (std::vector<Kind>{Kind::kAssign, Kind::kRead, Kind::kRead, Kind::kPoll, Kind::kRead,
                               Kind::kPoll, Kind::kDrain}));
  EXPECT_EQ(events[2].time_ns, events[1].time_ns);
  EXPECT_EQ(events[3].count, 2u);
  EXPECT_EQ(events[5].count, 1u);
  EXPECT_GE(events[3].time_ns, events[3].invoke_ns);
  EXPECT_GE(events[3].time_ns, events[2].time_ns);
}

TEST(ConsumeRun, EventsStandInTheOrderOfTime) {
  const auto events = events_of({[](auto& listener) {
                                  bring(listener, 4);
                                  listener.on_high_watermark({"orders", 0}, 6, 1);
                                  bring(listener, 5);
                                }},
                                "");
  ASSERT_EQ(kinds_of(events), (std::vector<Kind>{Kind::kAssign, Kind::kRead, Kind::kHighWatermark,
                                                 Kind::kRead, Kind::kPoll, Kind::kDrain}));
  EXPECT_TRUE(std::ranges::is_sorted(events, {}, &Event::time_ns));
}

TEST(ConsumeRun, UnderTrafficEachEndCountsThatWasReachedOnce) {
  ConsumePlan plan;
  plan.topic = "orders";
  plan.assignment = {{{"orders", 0}, 0}, {{"orders", 1}, 0}};
  plan.stop_at_end = true;
  plan.timeout = std::chrono::seconds(5);
  ConsumeRun run(plan, {}, kTopic, 0);
  ScriptedConsumer consumer({[](auto& listener) { bring(listener, 0); },
                             [](auto& listener) {
                               listener.on_end({"orders", 1}, 0);
                             },
                             [](auto& listener) { bring(listener, 0, 1); }});
  EXPECT_TRUE(run.run(consumer));
  report::Result result;
  run.fill(result, judging({}));
  EXPECT_EQ(result.status, report::Status::kPass) << result.reason;
}

TEST(ConsumeRun, AnErrorFailsUnlessAnExpectationSaysHowManyMayBe) {
  ConsumePlan plan;
  plan.topic = "orders";
  plan.assignment = {{{"orders", 0}, 0}};
  plan.stop_at_end = true;
  ConsumeRun run(plan, {}, kTopic, 0);
  ScriptedConsumer consumer({[](auto& listener) { bring(listener, 0); },
                             [](auto& listener) {
                               listener.on_error({"fetch failed", "orders[0]", ""});
                             },
                             [](auto& listener) {
                               listener.on_end({"orders", 0}, 1);
                             }});
  EXPECT_TRUE(run.run(consumer));
  report::Result strict;
  run.fill(strict, judging({}));
  EXPECT_EQ(strict.status, report::Status::kFail);
  report::Result judged;
  run.fill(judged, judging({"error_rate"}));
  EXPECT_EQ(judged.status, report::Status::kPass) << judged.reason;
  EXPECT_EQ(judged.metrics["error_rate"], 0.5);
}

TEST(ConsumeRun, OneWithoutAnEndThatAnErrorEndsFailsWhateverErrorsMayBe) {
  ConsumePlan plan;
  plan.topic = "orders";
  plan.assignment = {{{"orders", 0}, 0}};
  ConsumeRun run(plan, {}, kTopic, 0);
  ScriptedConsumer consumer({[](auto& listener) { bring(listener, 0); },
                             [](auto& listener) {
                               listener.on_error({"fetch failed: OFFSET_OUT_OF_RANGE", "orders[0]",
                                                  "", "OFFSET_OUT_OF_RANGE"});
                             }});
  EXPECT_TRUE(run.run(consumer));
  report::Result result;
  run.fill(result, judging({"error_rate"}));
  EXPECT_EQ(result.status, report::Status::kFail);
  EXPECT_EQ(result.reason,
            "reading ended before it was stopped: fetch failed: OFFSET_OUT_OF_RANGE: orders[0]");
}

const cli::Error kUnauthorized{"fetch failed", "orders[0]", "", "TOPIC_AUTHORIZATION_FAILED"};

// What somebody made of errors that were told one a poll, with an expectation on `metrics`.
report::Result judged_errors(const std::vector<cli::Error>& errors, const std::string& group,
                             std::set<std::string> metrics) {
  ConsumePlan plan;
  plan.topic = "orders";
  plan.group = group;
  if (group.empty()) plan.assignment = {{{"orders", 0}, 0}};
  plan.stop_at_end = true;
  plan.timeout = std::chrono::milliseconds(300);
  std::vector<ScriptedConsumer::Step> steps;
  for (const cli::Error& error : errors) {
    steps.emplace_back([error](auto& listener) { listener.on_error(error); });
  }
  ConsumeRun run(plan, {}, kTopic, kGroup);
  ScriptedConsumer consumer(steps);
  EXPECT_TRUE(run.run(consumer));
  report::Result result;
  run.fill(result, judging(std::move(metrics)));
  return result;
}

TEST(ConsumeRun, ARefusalThatIsExpectedIsNoFailureAndNoShortfall) {
  const std::set<std::string> expected{"authorization_errors", "read_records"};
  for (const std::string group : {"", "billing"}) {
    const auto refused = judged_errors({kUnauthorized}, group, expected);
    EXPECT_EQ(refused.status, report::Status::kPass) << refused.reason;
    EXPECT_EQ(refused.metrics.at("authorization_errors"), 1);
    EXPECT_EQ(refused.metrics.at("errors_TOPIC_AUTHORIZATION_FAILED"), 1);
    EXPECT_EQ(judged_errors({kUnauthorized}, group, {}).status, report::Status::kFail);
  }
}

TEST(ConsumeRun, AnotherErrorIsNotExcusedByAnExpectedRefusal) {
  const auto result = judged_errors({{"fetch failed: NOT_LEADER", "orders[0]", "", "NOT_LEADER"}},
                                    "", {"authorization_errors", "read_records"});
  EXPECT_EQ(result.status, report::Status::kFail);
  EXPECT_EQ(result.reason, "fetch failed: NOT_LEADER: orders[0]");
  const auto nameless = judged_errors({{"broken", "orders[0]", ""}, kUnauthorized}, "billing",
                                      {"authorization_errors", "read_records"});
  EXPECT_EQ(nameless.reason, "broken: orders[0]");
}

TEST(ConsumeRun, AMemberThatHasNoPermissionDoesNotGoOn) {
  const auto result = judged_errors({kUnauthorized, kUnauthorized}, "billing", {});
  EXPECT_EQ(result.metrics.at("errors"), 1);
}

TEST(ConsumeRun, AMemberStartsWhereItsAssignmentSays) {
  const auto events = events_of({[](auto& listener) {
                                  listener.on_committed({{"orders", 0}, 7}, cli::monotonic_ns());
                                  listener.on_assigned({{{"orders", 0}, 7}});
                                }},
                                "readers");
  ASSERT_EQ(kinds_of(events), (std::vector<Kind>{Kind::kOffsetFetch, Kind::kAssign, Kind::kDrain}));
  EXPECT_EQ(events[0].offset, 7);
  EXPECT_EQ(events[1].offset, 7);
  EXPECT_EQ(events[1].group, kGroup);
}

TEST(ConsumeRun, AStartThatIsNotAnOffsetIsUnknown) {
  const auto events = events_of({[](auto& listener) {
                                  listener.on_assigned({{{"orders", 0}, client::kStored}});
                                }},
                                "readers");
  ASSERT_EQ(kinds_of(events), (std::vector<Kind>{Kind::kAssign, Kind::kDrain}));
  EXPECT_EQ(events[0].offset, -1);
}

// A run that reads three records, of a limit that another reader shares.
report::Result shared_reading(std::uint64_t taken_by_others) {
  const test::OwnFolder folder;
  auto tally = cli::Tally::open(folder.path / "tally");
  EXPECT_TRUE(tally);
  for (std::uint64_t i = 0; i < taken_by_others; ++i) tally->add_record();
  ConsumePlan plan;
  plan.topic = "orders";
  plan.assignment = {{{"orders", 0}, 0}};
  plan.count = 5;
  plan.timeout = std::chrono::milliseconds(1);
  plan.tally = &*tally;
  ConsumeRun run(plan, {}, kTopic, 0);
  ScriptedConsumer consumer({[](auto& listener) {
    for (std::int64_t offset = 0; offset < 3; ++offset) bring(listener, offset);
  }});
  EXPECT_TRUE(run.run(consumer));
  report::Result result;
  run.fill(result, judging({}));
  return result;
}

TEST(ConsumeRun, OfALimitThatIsSharedItReadsWhatIsLeft) {
  EXPECT_EQ(shared_reading(0).metrics.at("read_records"), 3);
  const auto rest = shared_reading(3);
  EXPECT_EQ(rest.metrics.at("read_records"), 2);
  EXPECT_EQ(rest.status, report::Status::kPass) << rest.reason;
  const auto nothing = shared_reading(5);
  EXPECT_EQ(nothing.metrics.at("read_records"), 0);
  EXPECT_EQ(nothing.status, report::Status::kPass) << nothing.reason;
}

TEST(ConsumeRun, WhatIsMissingOfASharedLimitIsToldOfAll) {
  const auto result = shared_reading(1);
  EXPECT_EQ(result.status, report::Status::kFail);
  EXPECT_EQ(result.reason, "read 4 records of 5; the partitions hold no more");
}

TEST(ConsumeRun, ARecordWithoutAnIdentityHasNotTheUuidItWasSentWith) {
  ConsumePlan plan;
  plan.topic = "orders";
  plan.assignment = {{{"orders", 0}, 0}};
  plan.count = 1;
  plan.timeout = std::chrono::seconds(20);
  plan.match_uuids = true;
  ConsumeRun run(plan, {}, kTopic, 0);
  ScriptedConsumer consumer({[](auto& listener) { bring(listener, 0); }});
  EXPECT_TRUE(run.run(consumer));
  report::Result result;
  run.fill(result, judging({}));
  EXPECT_EQ(result.metrics.at("uuid_mismatched_records"), 1);
  EXPECT_EQ(result.status, report::Status::kFail);
}

TEST(ConsumeRun, WhoCommitsAtIntervalsSaysSoBeforeAndKeepsWhatItRead) {
  std::vector<Event> events;
  std::size_t kept = 0;  // events when they were to outlive the process
  ConsumePlan plan;
  plan.topic = "orders";
  plan.group = "billing";
  plan.commit_every = cli::Duration::zero();
  plan.stop_at_end = true;
  plan.timeout = std::chrono::seconds(20);
  ConsumeSinks sinks;
  sinks.event = [&](const Event& event) { events.push_back(event); };
  sinks.flush = [&]() -> cli::Result<void> {
    if (kept == 0 && !events.empty() && events.back().kind == Kind::kCommit) kept = events.size();
    return {};
  };
  ConsumeRun run(plan, sinks, kTopic, kGroup);
  ScriptedConsumer consumer({[](auto& listener) {
    listener.on_assigned({{{"orders", 0}, -1}});
    bring(listener, 4);
  }});
  EXPECT_TRUE(run.run(consumer));
  ASSERT_EQ(kinds_of(events), (std::vector<Kind>{Kind::kAssign, Kind::kRead, Kind::kPoll,
                                                 Kind::kCommit, Kind::kCommit, Kind::kDrain}));
  EXPECT_EQ(kept, 4U);
  EXPECT_EQ(events[3].outcome, history::Outcome::kUnknown);
  EXPECT_EQ(events[4].outcome, history::Outcome::kOk);
  EXPECT_EQ(events[4].offset, 5);
}

}  // namespace
}  // namespace ks::workload
