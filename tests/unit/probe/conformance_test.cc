#include "lib/probe/conformance.h"

#include <algorithm>

#include "probing.h"

namespace ks::probe {
namespace {

using report::Status;
using test::Answer;
using test::Request;
using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

using Ids = std::vector<std::string>;

class ConformanceTest : public ProbeTest {
 protected:
  void run() {
    const auto done = conformance(session_);
    ASSERT_TRUE(done) << done.error().message();
  }

  // Heartbeat v0, advertised, has this answer.
  void run_with_heartbeat(const Answer& answer) {
    broker_.serve_only(ApiKey::kHeartbeat, 0, [answer](const Request&) { return answer; });
    run();
  }
};

Answer heartbeat(ErrorCode code) { return Value{{"error_code", static_cast<std::int16_t>(code)}}; }

TEST_F(ConformanceTest, ABrokerThatKeepsTheRulesPasses) {
  run();
  EXPECT_EQ(session_.result.status, Status::kPass) << session_.result.reason;
  EXPECT_EQ(findings(), Ids{});
  EXPECT_EQ(metric("advertised"), 11);  // six APIs of one version each, ApiVersions 0-4
  EXPECT_EQ(metric("covered"), 11);
  EXPECT_EQ(metric("not_covered"), 0);
  EXPECT_GT(metric("unadvertised"), 100);
  EXPECT_EQ(metric("unadvertised_refused"), metric("unadvertised"));
}

TEST_F(ConformanceTest, SilenceToAnAdvertisedVersionIsAViolation) {
  run_with_heartbeat(Answer::Kind::kNone);
  EXPECT_EQ(session_.result.status, Status::kFail);
  EXPECT_EQ(findings(), Ids{"advertised-version-unanswered"});
  EXPECT_EQ(evidence("advertised-version-unanswered"), "Heartbeat v0: no answer in time");
  EXPECT_EQ(metric("covered"), 11) << "it was asked";
}

TEST_F(ConformanceTest, AnAdvertisedVersionThatEndsTheConnectionIsAViolation) {
  run_with_heartbeat(Answer::Kind::kClose);
  EXPECT_EQ(session_.result.status, Status::kFail);
  EXPECT_EQ(evidence("advertised-version-refused"), "Heartbeat v0: broker closed the connection");
  const auto asked = broker_.requests(ApiKey::kHeartbeat);
  EXPECT_EQ(std::ranges::count(asked, 0, &Request::version), 2)
      << "again, lest the answer before was the last that the connection had";
}

TEST_F(ConformanceTest, AnAdvertisedVersionThatIsCalledUnsupportedIsAViolation) {
  run_with_heartbeat(heartbeat(ErrorCode::kUnsupportedVersion));
  EXPECT_EQ(session_.result.status, Status::kFail);
  EXPECT_EQ(findings(), Ids{"advertised-version-refused"});
}

TEST_F(ConformanceTest, BytesBehindTheEndOfAResponseAreAViolation) {
  run_with_heartbeat(Answer::malformed(std::string("\0\x19!", 3)));
  EXPECT_EQ(session_.result.status, Status::kFail);
  EXPECT_EQ(findings(), Ids{"malformed-response"});
  EXPECT_NE(evidence("malformed-response").find("Heartbeat v0"), std::string::npos);
}

TEST_F(ConformanceTest, AResponseThatEndsTooSoonIsAViolation) {
  run_with_heartbeat(Answer::malformed(std::string(1, '\0')));
  EXPECT_EQ(findings(), Ids{"malformed-response"});
}

TEST_F(ConformanceTest, ACodeThatClientsDoNotKnowThereIsNamed) {
  run_with_heartbeat(heartbeat(ErrorCode::kLeaderNotAvailable));
  EXPECT_EQ(session_.result.status, Status::kPass);
  EXPECT_EQ(evidence("unexpected-error-code"), "Heartbeat v0 answers LEADER_NOT_AVAILABLE");
  EXPECT_EQ(metric("unexpected_error_codes"), 1);
}

TEST_F(ConformanceTest, AVersionThatIsServedWithoutBeingAdvertisedIsNamed) {
  broker_.serve(ApiKey::kHeartbeat, {0, 0},
                [](const Request&) { return heartbeat(ErrorCode::kUnknownMemberId); });
  run();
  EXPECT_EQ(session_.result.status, Status::kPass);
  EXPECT_EQ(evidence("unadvertised-version-served"), "Heartbeat v1");
  EXPECT_EQ(metric("unadvertised_served"), 1);
  EXPECT_EQ(metric("unadvertised_refused"), metric("unadvertised") - 1);
}

TEST_F(ConformanceTest, UnsupportedVersionIsARefusalToo) {
  broker_.serve(ApiKey::kHeartbeat, {0, 0}, [](const Request& request) {
    return heartbeat(request.version == 0 ? ErrorCode::kUnknownMemberId
                                          : ErrorCode::kUnsupportedVersion);
  });
  run();
  EXPECT_EQ(findings(), Ids{});
  EXPECT_EQ(metric("unadvertised_refused"), metric("unadvertised"));
}

TEST_F(ConformanceTest, SilenceToAVersionThatIsNotAdvertisedIsAViolation) {
  broker_.serve(ApiKey::kHeartbeat, {0, 0}, [](const Request& request) {
    return request.version == 0 ? heartbeat(ErrorCode::kUnknownMemberId)
                                : Answer(Answer::Kind::kNone);
  });
  run();
  EXPECT_EQ(session_.result.status, Status::kFail);
  EXPECT_EQ(evidence("unadvertised-version-unanswered"), "Heartbeat v1");
}

TEST_F(ConformanceTest, WhatThisToolkitDoesNotKnowIsNotCovered) {
  const auto never = [](const Request&) -> Answer { return Answer::Kind::kClose; };
  broker_.serve(ApiKey{999}, {0, 0}, never);
  run();
  EXPECT_EQ(session_.result.status, Status::kInconclusive);
  EXPECT_EQ(metric("advertised"), 12);
  EXPECT_EQ(metric("covered"), 11);
  EXPECT_EQ(metric("not_covered"), 1);
  EXPECT_NE(session_.result.reason.find("does not know its format"), std::string::npos)
      << session_.result.reason;
}

TEST_F(ConformanceTest, AViolationIsNoLessOneWhenSomethingIsNotCovered) {
  broker_.serve(ApiKey{999}, {0, 0}, [](const Request&) -> Answer { return Answer::Kind::kClose; });
  run_with_heartbeat(Answer::Kind::kClose);
  EXPECT_EQ(session_.result.status, Status::kFail);
}

// What Apache Kafka 4 does (KAFKA-18659), and only it may.
TEST_F(ConformanceTest, ProduceVersionsForOldClientsAreKafkasToAdvertise) {
  broker_.serve(ApiKey::kProduce, {0, 3}, [](const Request& request) {
    return request.version == 3 ? test::SmallBroker::produced(request, 0)
                                : Answer(Answer::Kind::kClose);
  });
  run();
  EXPECT_EQ(findings(), Ids{"advertised-version-refused"});

  session_.result = {};
  session_.result.run_id = "unit";
  broker_.serve_only(ApiKey::kInitProducerId, 0, [](const Request&) -> Answer {
    return Value{{"producer_id", 7}};
  });
  run();
  EXPECT_EQ(findings(), Ids{"advertised-for-old-clients"});
  EXPECT_EQ(session_.result.status, Status::kPass) << session_.result.reason;
}

TEST_F(ConformanceTest, ItsTopicGoesAwayAfterwards) {
  run();
  const auto created = broker_.requests(ApiKey::kCreateTopics);
  const auto deleted = broker_.requests(ApiKey::kDeleteTopics);
  ASSERT_FALSE(created.empty());
  ASSERT_FALSE(deleted.empty());
  const auto topic = created.front().body["topics"][0]["name"].as_string();
  EXPECT_TRUE(topic.starts_with("ks-probe-unit-")) << topic;
  EXPECT_EQ(deleted.back().body["topic_names"][0].as_string(), topic);
}

}  // namespace
}  // namespace ks::probe
