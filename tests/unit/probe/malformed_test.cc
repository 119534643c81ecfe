#include <atomic>

#include "probing.h"

namespace ks::probe {
namespace {

using report::Status;
using test::Answer;
using test::Request;
using test::SmallBroker;
using wire::ApiKey;

using Ids = std::vector<std::string>;

class MalformedTest : public ProbeTest {
 protected:
  void run(std::uint64_t count = 24) {
    set("count", cli::CountArg{count});
    set("seed", cli::CountArg{7});
    const auto done = malformed(session_);
    ASSERT_TRUE(done) << done.error().message();
  }
};

TEST_F(MalformedTest, ABrokerThatRefusesAllOfItPasses) {
  run();
  EXPECT_EQ(session_.result.status, Status::kPass) << session_.result.reason;
  EXPECT_EQ(findings(), Ids{});
  EXPECT_EQ(metric("cases"), 24);
  EXPECT_EQ(metric("answered"), 0);
  EXPECT_EQ(metric("broken"), 0);
  EXPECT_GE(metric("error_code"), 2) << "the batches with a wrong CRC";
  EXPECT_GT(metric("closed"), 0);
  EXPECT_EQ(metric("error_code") + metric("closed") + metric("silent"), 24);
}

TEST_F(MalformedTest, ABatchWithAWrongCrcThatIsAcknowledgedIsAViolation) {
  broker_.serve_only(ApiKey::kProduce, 3,
                     [](const Request& request) { return SmallBroker::produced(request, 0); });
  run();
  EXPECT_EQ(session_.result.status, Status::kFail);
  EXPECT_NE(evidence("malformed-batch-accepted").find("a bit flipped"), std::string::npos);
  EXPECT_GE(metric("answered"), 2);
}

TEST_F(MalformedTest, AnAnswerThatCannotBeDecodedIsAViolation) {
  broker_.serve_only(ApiKey::kProduce, 3,
                     [](const Request&) { return Answer::malformed("no response"); });
  run();
  EXPECT_EQ(session_.result.status, Status::kFail);
  EXPECT_EQ(findings(), Ids{"malformed-response"});
  EXPECT_GE(metric("broken"), 2);
}

TEST_F(MalformedTest, AnyOtherRequestThatIsAnsweredIsOnlyNamed) {
  broker_.serve_only(ApiKey::kFetch, 4,
                     [](const Request& request) { return SmallBroker::fetched(request, 0); });
  broker_.serve_only(ApiKey::kListOffsets, 1, [](const Request&) -> Answer {
    return wire::Value{{"topics", wire::Value::array({})}};
  });
  run(120);
  EXPECT_EQ(session_.result.status, Status::kPass) << session_.result.reason;
  EXPECT_EQ(findings(), Ids{"malformed-request-answered"});
}

TEST_F(MalformedTest, ABrokerThatNoLongerServesOthersIsAViolationAndEndsTheRun) {
  auto down = std::make_shared<std::atomic<bool>>(false);
  broker_.serve_only(ApiKey::kProduce, 3, [down](const Request& request) {
    *down = true;
    return SmallBroker::produced(request, SmallBroker::kCorruptMessage);
  });
  broker_.serve_only(ApiKey::kMetadata, 1, [this, down](const Request& request) {
    return *down ? Answer(Answer::Kind::kClose) : broker_.metadata(request);
  });
  run();
  EXPECT_EQ(session_.result.status, Status::kFail) << "and not inconclusive";
  EXPECT_EQ(findings(), Ids{"broker-down-after-malformed"});
  EXPECT_NE(evidence("broker-down-after-malformed").find("Produce v3"), std::string::npos)
      << "the case that did it";
  EXPECT_LT(metric("cases"), 24);
}

TEST_F(MalformedTest, WhatThereWasNoTimeForMakesItInconclusive) {
  set("timeout", cli::DurationArg{});
  session_.timeout = std::chrono::nanoseconds(1);
  run();
  EXPECT_EQ(session_.result.status, Status::kInconclusive);
  EXPECT_NE(session_.result.reason.find("of 24 cases were sent"), std::string::npos);
}

TEST_F(MalformedTest, NoCasesOrTooManyAreRefused) {
  for (const std::uint64_t count : {0UL, 100'001UL}) {
    session_.options.clear();
    set("count", cli::CountArg{count});
    const auto done = malformed(session_);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message().find("--count"), std::string::npos);
  }
}

}  // namespace
}  // namespace ks::probe
