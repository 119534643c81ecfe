#include "lib/client/wire_producer.h"
#include "producing.h"

// What becomes of a record: its acknowledgement, its error, or that nobody knows.
namespace ks::client {
namespace {

using test::Fate;
using Kind = test::Answer::Kind;
using wire::ApiKey;

constexpr std::int16_t kRequestTimedOut = 7;
constexpr std::int16_t kMessageTooLarge = 10;
constexpr std::int16_t kInvalidRecord = 87;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// ---- acks ---------------------------------------------------------------------------------------

TEST(WireProducer, AsksForTheAcksGiven) {
  test::FakeCluster cluster(1, 1);
  std::size_t asked = 0;
  for (const auto& [text, number] : {std::pair("0", 0), {"1", 1}, {"all", -1}}) {
    Producing producer(cluster, {{"acks", text}});
    producer.start();
    producer.send("v");
    ASSERT_TRUE(producer.flush());
    // Without an answer the request may still be on its way.
    while (cluster.broker(0).requests(ApiKey::kProduce).size() == asked) std::this_thread::yield();
    ++asked;
    EXPECT_EQ(cluster.broker(0).requests(ApiKey::kProduce).back().body["acks"].as_int(), number);
  }
}

TEST(WireProducer, WithoutAcksNobodyKnowsAndNothingIsAnError) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster, {{"acks", "0"}});
  producer.start();
  for (int i = 0; i < 3; ++i) producer.send("v");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 unknown 0, 1 unknown 0, 2 unknown 0");
  EXPECT_EQ(producer.seen()[2].offset, -1);
  EXPECT_EQ(producer.seen()[2].error, "");
  while (cluster.log(0).size() < 3) std::this_thread::yield();
}

TEST(WireProducer, ABrokerThatReadsNothingEndsWithTheRecordsTimeWithoutAcksToo) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate::lost(Kind::kStall)});
  Producing producer(cluster, {{"acks", "0"}, {"message.timeout.ms", "100"}});
  producer.start();
  const std::string megabyte(1'000'000, 'x');
  for (int i = 0; i < 30; ++i) producer.send(megabyte);  // more than sockets hold
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.seen().size(), 30U);
  EXPECT_EQ(producer.seen().back().outcome == Outcome::kOk, false);
}

// ---- outcomes -----------------------------------------------------------------------------------

struct Case {
  const char* name;
  std::vector<Fate> fates;  // of the one batch's attempts
  const char* retries;
  const char* outcome;
  std::size_t attempts;
};

class OutcomeOf : public testing::TestWithParam<Case> {};

TEST_P(OutcomeOf, IsWhatIsKnownOfAllAttempts) {
  test::FakeCluster cluster(1, 1);
  cluster.decree(GetParam().fates);
  Producing producer(cluster, {{"retries", GetParam().retries}});
  producer.start();
  producer.send("v");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), GetParam().outcome);
  EXPECT_EQ(cluster.produce_requests(), GetParam().attempts);
  EXPECT_EQ(producer.seen()[0].error.empty(), producer.seen()[0].outcome == Outcome::kOk);
}

const Fate kNotLeader = Fate::error(test::FakeCluster::kNotLeader);
const Fate kTooLarge = Fate::error(kMessageTooLarge);

INSTANTIATE_TEST_SUITE_P(
    WireProducer, OutcomeOf,
    testing::Values(
        Case{"ARefusalIsFailed", {kTooLarge}, "9", "0 failed 10", 1},
        Case{"NoAnswerIsUnknown", {Fate::lost()}, "0", "0 unknown -195", 1},
        Case{"NoAnswerAndThenOneIsOk", {Fate::lost()}, "9", "0 ok at 0", 2},
        Case{"WrittenWithoutAnAnswerIsOkAtTheSecondCopy",
             {Fate::written_and(Kind::kClose)},
             "9",
             "0 ok at 1",
             2},
        Case{"NoAnswerAndThenARefusalIsUnknown", {Fate::lost(), kTooLarge}, "9", "0 unknown 10", 2},
        Case{"NotTheLeaderIsUnknown", {kNotLeader}, "0", "0 unknown 6", 1},
        Case{"NotTheLeaderAtFirstIsOk", {kNotLeader, kNotLeader}, "9", "0 ok at 0", 3},
        Case{"RetriesEnd", {kNotLeader, kNotLeader, kNotLeader}, "2", "0 unknown 6", 3},
        Case{"ALateBrokerIsUnknown", {Fate::written_and(kRequestTimedOut)}, "0", "0 unknown 7", 1},
        Case{"AnErrorOfTheServersIsUnknownAndFinal", {Fate::error(-1)}, "9", "0 unknown -1", 1},
        Case{"AnUnheardOfErrorIsUnknownAndFinal", {Fate::error(999)}, "9", "0 unknown 999", 1}),
    [](const auto& param) { return param.param.name; });

TEST(WireProducer, FollowsTheLeader) {
  test::FakeCluster cluster(2, 1);
  Producing producer(cluster);
  producer.start();
  cluster.move(0, 1);
  producer.send("v");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 ok at 0");
  EXPECT_EQ(cluster.broker(0).requests(ApiKey::kProduce).size(), 1U);
  EXPECT_EQ(cluster.broker(1).requests(ApiKey::kProduce).size(), 1U);
}

TEST(WireProducer, CountsTheConnectionsThatBroke) {
  test::FakeCluster cluster(1, 1);
  Producing producer(cluster);
  producer.start();
  producer.send("v");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer->disconnects(), 0U);
  cluster.decree([] { return Fate::lost(test::Answer::Kind::kClose); });
  producer.send("v");
  ASSERT_TRUE(producer.poll_until([&] { return producer->disconnects() > 1; }));
}

TEST(WireProducer, ASilentBrokerIsUnknownWhenTheRecordExpires) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate::written_and(Kind::kNone)});
  Producing producer(cluster, {{"message.timeout.ms", "50"}});
  producer.start();
  producer.send("v");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 unknown -195");
  EXPECT_TRUE(contains(producer.seen()[0].error, "no answer in time"));
}

TEST(WireProducer, ARecordThatNeverWasSentIsFailedWhenItExpires) {
  auto cluster = std::make_unique<test::FakeCluster>(1, 1);
  Producing producer(*cluster, {{"message.timeout.ms", "50"}});
  producer.start();
  const std::string address = cluster->addresses()[0];
  cluster.reset();
  producer->poll(std::chrono::milliseconds(1));  // sees the connection end
  producer.send("v");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 failed -192");
  EXPECT_TRUE(contains(producer.seen()[0].error, "not sent in time: cannot connect to broker"));
  EXPECT_TRUE(contains(producer.seen()[0].error, address));
}

TEST(WireProducer, AnAnswerWithoutThePartitionOrOutOfShapeIsUnknown) {
  for (const test::Answer& answer :
       {test::Answer(wire::Value::structure()), test::Answer::malformed("nonsense")}) {
    test::FakeCluster cluster(1, 1);
    cluster.broker(0).serve(ApiKey::kProduce, {9, 9},
                            [&answer](const test::Request&) { return answer; });
    Producing producer(cluster, {{"retries", "0"}});
    producer.start();
    producer.send("v");
    ASSERT_TRUE(producer.flush());
    EXPECT_EQ(producer.text(), "0 unknown -195");
  }
}

TEST(WireProducer, AnswersInAnotherOrderAreNotTakenForEachOthers) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate::written_and(Kind::kOvertaken)});
  Producing producer(cluster, {{"batch.num.messages", "1"}, {"retries", "0"}});
  producer.start();
  producer.send("a");
  producer.send("b");
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 unknown -195, 1 unknown -195");
  EXPECT_TRUE(contains(producer.seen()[0].error, "another correlation id"));
}

TEST(WireProducer, APartitionsErrorIsItsOwn) {
  test::FakeCluster cluster(1, 3);
  cluster.decree({Fate(), kTooLarge, Fate()});
  Producing producer(cluster);
  producer.start();
  for (std::int32_t partition : {0, 1, 2}) producer.send("v", partition);
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 ok at 0, 1 failed 10, 2 ok at 0");
  EXPECT_EQ(producer.seen()[1].partition, 1);
}

TEST(WireProducer, TheRecordsToBlameAreNamed) {
  test::FakeCluster cluster(1, 1);
  Fate fate = Fate::error(kInvalidRecord);
  fate.record_errors = {{1, "no key"}};
  cluster.decree({fate});
  Producing producer(cluster, {{"batch.num.messages", "3"}});
  producer.start();
  for (const char* value : {"a", "b", "c"}) producer.send(value);
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 failed 87, 1 failed 87, 2 failed 87");
  EXPECT_EQ(producer.seen()[1].error, "INVALID_RECORD: no key");
  EXPECT_EQ(producer.seen()[0].error, "another record of its batch was refused");
}

TEST(WireProducer, ARecordRefusedInABatchThatWasWrittenIsFailedAlone) {
  test::FakeCluster cluster(1, 1);
  Fate fate;
  fate.record_errors = {{0, "no key"}};
  cluster.decree({fate});
  Producing producer(cluster, {{"batch.num.messages", "2"}});
  producer.start();
  for (const char* value : {"a", "b"}) producer.send(value);
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(producer.text(), "0 failed 87, 1 ok at -1") << "nobody says which offset is whose";
}

TEST(WireProducer, WithOneRequestInFlightRetriesKeepTheOrder) {
  test::FakeCluster cluster(1, 1);
  cluster.decree({Fate(), kNotLeader, Fate::lost(), Fate(), kNotLeader});
  Producing producer(cluster, {{"batch.num.messages", "1"}, {"max.in.flight", "1"}});
  producer.start();
  for (const char* value : {"a", "b", "c", "d"}) producer.send(value);
  ASSERT_TRUE(producer.flush());
  EXPECT_EQ(values_of(cluster.log(0)), "a b c d");
}

}  // namespace
}  // namespace ks::client
