#include <algorithm>
#include <random>
#include <set>

#include "producing.h"

// Producers on a cluster that loses connections, requests and answers, moves leaders and refuses
// batches at random: whatever happens, what they say of their records is true.
namespace ks::client {
namespace {

using test::Fate;
using Kind = test::Answer::Kind;

constexpr int kPartitions = 3;
constexpr int kRecords = 400;

// Half of all batches fare well. What a half-closed connection still brings is written late, when
// the client may have sent it again elsewhere.
Fate random_fate(std::mt19937& random) {
  constexpr std::int16_t kRequestTimedOut = 7;
  constexpr std::int16_t kMessageTooLarge = 10;
  constexpr std::int16_t kNotEnoughReplicas = 19;
  constexpr std::int16_t kUnknownProducerId = 59;
  switch (random() % 20) {
    case 0:
      return Fate::lost();
    case 1:
      return Fate::written_and(Kind::kClose);
    case 2:
      return Fate::lost(Kind::kHalfClose);
    case 3:
      return Fate::written_and(Kind::kHalfClose);
    case 4:
      return Fate::written_and(Kind::kOvertaken);
    case 5:
      return Fate::error(test::FakeCluster::kNotLeader);
    case 6:
      return Fate::error(kNotEnoughReplicas);
    case 7:
      return Fate::written_and(kRequestTimedOut);
    case 8:
      return Fate::error(kMessageTooLarge);
    case 9:
      return Fate::error(kUnknownProducerId);
    default:
      return {};
  }
}

struct Style {
  const char* name;
  Producing::Properties properties;
  bool keeps_order;  // of the first copies
  bool once;         // there are no second ones
};

class Chaos : public testing::TestWithParam<std::tuple<Style, unsigned>> {
 protected:
  void produce() {
    std::mt19937 random(seed());
    cluster_.decree([random = std::mt19937(seed() + 1)]() mutable { return random_fate(random); });
    Producing::Properties properties = style().properties;
    properties["batch.num.messages"] = "5";
    properties["reconnect.backoff.ms"] = "1";
    properties["reconnect.backoff.max.ms"] = "1";
    properties["request.timeout.ms"] = "50";  // of an answer that nothing overtakes
    Producing producer(cluster_, properties);
    producer.start();
    for (int i = 0; i < kRecords; ++i) {
      if (random() % 50 == 0) cluster_.move(random() % kPartitions, random() % 2);
      producer.send(std::to_string(i), static_cast<std::int32_t>(random() % kPartitions));
      if (random() % 4 == 0) producer->poll({});
    }
    ASSERT_TRUE(producer.flush());
    seen_ = producer.seen();
  }

  const Style& style() const { return std::get<0>(GetParam()); }
  unsigned seed() const { return std::get<1>(GetParam()); }

  test::FakeCluster cluster_{2, kPartitions};
  std::vector<Producing::Seen> seen_;
};

TEST_P(Chaos, WhatIsSaidOfEachRecordIsTrue) {
  produce();
  std::vector<std::vector<std::uint64_t>> logs(kPartitions);  // the tokens in them
  for (std::size_t p = 0; p < kPartitions; ++p) {
    for (const auto& record : cluster_.log(p)) logs[p].push_back(std::stoull(*record.value));
  }
  std::set<std::uint64_t> told;
  std::map<Outcome, int> outcomes;
  for (const Producing::Seen& each : seen_) {
    EXPECT_TRUE(told.insert(each.token).second) << each.token << " is delivered twice";
    ++outcomes[each.outcome];
    const auto& log = logs[static_cast<std::size_t>(each.partition)];
    if (each.outcome == Outcome::kFailed) {
      EXPECT_EQ(std::count(log.begin(), log.end(), each.token), 0) << each.token << " is failed";
    } else if (each.outcome == Outcome::kOk) {
      ASSERT_LT(each.offset, static_cast<std::int64_t>(log.size()));
      ASSERT_GE(each.offset, 0);
      EXPECT_EQ(log[static_cast<std::size_t>(each.offset)], each.token);
    }
  }
  EXPECT_EQ(told.size(), static_cast<std::size_t>(kRecords));
  EXPECT_GT(outcomes[Outcome::kOk], 0);

  for (auto& log : logs) {
    std::set<std::uint64_t> before;
    std::vector<std::uint64_t> first_copies;
    for (const std::uint64_t token : log) {
      if (before.insert(token).second) first_copies.push_back(token);
    }
    if (style().once) {
      EXPECT_EQ(first_copies.size(), log.size());
    }
    if (style().keeps_order) {
      EXPECT_TRUE(std::is_sorted(first_copies.begin(), first_copies.end()));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    WireProducer, Chaos,
    testing::Combine(
        testing::Values(Style{"Idempotent", {{"enable.idempotence", "true"}}, true, true},
                        Style{"IdempotentWithFewRetries",
                              {{"enable.idempotence", "true"}, {"retries", "1"}},
                              true,
                              true},
                        Style{"OneInFlight", {{"max.in.flight", "1"}}, false, false},
                        Style{"FiveInFlight", {}, false, false},
                        Style{"NoRetries", {{"retries", "0"}}, false, false}),
        testing::Range(1U, 7U)),
    [](const auto& param) {
      return std::string(std::get<0>(param.param).name) + std::to_string(std::get<1>(param.param));
    });

}  // namespace
}  // namespace ks::client
