#include "lib/client/link.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "../support/fake_broker.h"

namespace ks::client {
namespace {

using namespace std::chrono_literals;
using wire::ApiKey;
using wire::Value;

class LinkTest : public ::testing::Test {
 protected:
  // The error of a call, once it has failed.
  void call(cli::Duration patience, std::string& error) {
    link_.call(
        ApiKey::kMetadata, [](std::int16_t) -> cli::Result<Value> { return Value::structure(); },
        cli::Clock::now() + patience,
        [&error](const auto& reply) { error = reply ? "answered" : reply.error().what; });
  }
  bool wait(const std::function<bool()>& done) {
    return loop_.run_until(cli::Clock::now() + 5s, done);
  }

  test::FakeBroker broker_;
  wire::Loop loop_;
  const WireOptions options_;
  Link link_{loop_, broker_.address(), options_};
};

TEST_F(LinkTest, ACallIsNotHeldUpByAnOpeningThatLastsLonger) {
  broker_.serve(ApiKey::kApiVersions, {0, 4},
                [](const test::Request&) { return test::Answer::Kind::kNone; });
  std::string patient;
  std::string impatient;
  std::string later;
  call(20s, patient);
  call(50ms, impatient);
  call(100ms, later);
  EXPECT_TRUE(wait([&] { return !impatient.empty(); }));
  EXPECT_EQ(impatient, wire::kNoAnswerInTime);
  EXPECT_TRUE(wait([&] { return !later.empty(); }));
  EXPECT_EQ(patient, "") << "it has time left";
  broker_.close_connections();
  EXPECT_TRUE(wait([&] { return !patient.empty(); }));
}

TEST_F(LinkTest, AnOpeningLastsForWhoHasMoreTime) {
  std::atomic<bool> is_slow = true;
  broker_.serve(ApiKey::kApiVersions, {0, 4}, [&](const test::Request&) -> test::Answer {
    while (is_slow) std::this_thread::sleep_for(1ms);
    return test::Answer::Kind::kClose;
  });
  std::string impatient;
  std::string patient;
  link_.drop({"as if it had just failed", "", ""});
  call(30ms, impatient);  // waits for the pause between attempts
  call(20s, patient);
  EXPECT_TRUE(wait([&] { return !impatient.empty(); }));
  EXPECT_EQ(patient, "");
  is_slow = false;
  EXPECT_TRUE(wait([&] { return !patient.empty(); }));
  EXPECT_EQ(patient, wire::kClosedByBroker);
}

}  // namespace
}  // namespace ks::client
