#include "lib/client/trouble.h"

#include <gtest/gtest.h>

#include "../support/fake_broker.h"

namespace ks::client {
namespace {

using wire::ApiKey;
using wire::FindingId;

constexpr const char* kNobody = "127.0.0.1:1";

const cli::Error kRefused{"cannot connect to broker (Connection refused)", "a:1", "is it up?"};
const cli::Error kClosed{"broker closed the connection", "b:1", ""};
const cli::Error kReset{"broker closed the connection", "b:1", "Connection reset by peer"};

TEST(NobodyAnswers, IsNoListenerOnlyWhereNoneOfThemListens) {
  const Trouble none = nobody_answers({kRefused, {"unknown host", "nowhere:1", ""}});
  EXPECT_EQ(none.id, FindingId::kNoListener);
  EXPECT_TRUE(none.stops_everything);
  EXPECT_EQ(none.error.message(),
            "no listener at any of the addresses given: cannot connect to broker (Connection "
            "refused): a:1; is it up? | unknown host: nowhere:1");
  EXPECT_EQ(nobody_answers({kRefused, kClosed}).id, FindingId::kNoApiVersions);
}

TEST(NobodyAnswers, SaysWhatAListenerDidInstead) {
  for (const auto& [what, told] : std::map<std::string, std::string>{
           {"no answer in time", "no answer in time: b:1; is it?"},
           {"bytes that are no Kafka (frame length 7)",
            "bytes that are no Kafka (frame length 7): "
            "b:1; is it?"},
           {"ApiVersions v0 answer is malformed: cut short",
            "ApiVersions v0 answer is malformed: cut short: b:1; is it?"}}) {
    const Trouble trouble = nobody_answers({{what, "b:1", "is it?"}});
    EXPECT_EQ(trouble.id, FindingId::kNoApiVersions) << what;
    EXPECT_EQ(trouble.finding()->evidence, told);
    EXPECT_EQ(trouble.error.message(), "a listener, but no answer to ApiVersions: " + told);
  }
}

TEST(NobodyAnswers, AClosedConnectionHasAnAdvice) {
  EXPECT_EQ(nobody_answers({kClosed}).error.where,
            "broker closed the connection: b:1; is it a Kafka broker, and is security.protocol "
            "right?");
  EXPECT_EQ(
      nobody_answers({kReset}).error.where,
      "broker closed the connection: b:1; Connection reset by peer; is it a Kafka broker, and "
      "is security.protocol right?");
}

TEST(NobodyAnswers, WhoIsNotLetInIsToldJustThat) {
  for (const char* what : {"SASL authentication failed: SASL_AUTHENTICATION_FAILED",
                           "TLS handshake failed (certificate: hostname mismatch)"}) {
    const Trouble trouble = nobody_answers({kRefused, {what, "b:1", ""}});
    EXPECT_FALSE(trouble.finding()) << what;
    EXPECT_EQ(trouble.error.message(),
              "cannot connect to broker (Connection refused): a:1; is it "
              "up? | " +
                  std::string(what) + ": b:1");
  }
}

TEST(FirstVersions, AreThoseOfTheFirstThatAnswers) {
  test::FakeBroker silent;
  silent.serve(ApiKey::kApiVersions, {0, 4},
               [](const test::Request&) { return test::Answer::Kind::kNone; });
  test::FakeBroker broker;
  broker.serve(ApiKey::kFetch, {11, 13}, nullptr);
  const auto versions = first_versions({kNobody, silent.address().text(), broker.address().text()},
                                       {}, cli::Clock::now() + std::chrono::milliseconds(600));
  ASSERT_TRUE(versions) << versions.error().error.message();
  EXPECT_EQ(versions->range(ApiKey::kFetch).text(), "11-13");
}

TEST(FirstVersions, OfNobodyAreATrouble) {
  test::FakeBroker closing;
  closing.serve(ApiKey::kApiVersions, {0, 4},
                [](const test::Request&) { return test::Answer::Kind::kClose; });
  const auto soon = cli::Clock::now() + std::chrono::seconds(5);
  EXPECT_EQ(first_versions({kNobody}, {}, soon).error().id, FindingId::kNoListener);
  EXPECT_EQ(first_versions({kNobody, closing.address().text()}, {}, soon).error().id,
            FindingId::kNoApiVersions);
}

}  // namespace
}  // namespace ks::client
