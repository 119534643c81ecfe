#include "lib/probe/own_things.h"

#include <gtest/gtest.h>

#include "../support/fake_broker.h"
#include "lib/wire/error_code.h"

namespace ks::probe {
namespace {

using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

Value with_error(ErrorCode error) { return {{"error_code", static_cast<std::int64_t>(error)}}; }

// A broker on which the group's member is "m".
class OwnThingsTest : public ::testing::Test {
 protected:
  OwnThingsTest() {
    serve(ApiKey::kJoinGroup, {{"generation_id", 1}, {"leader", "m"}, {"member_id", "m"}});
    serve(ApiKey::kSyncGroup, with_error(ErrorCode::kNone));
  }

  void serve(ApiKey api, const Value& answer) {
    constexpr wire::VersionRange kVersions{0, 0};
    broker_.serve(api, kVersions, [answer](const test::Request&) { return answer; });
    versions_.set(static_cast<std::int16_t>(api), kVersions);
  }

  test::FakeBroker broker_;
  wire::ApiVersions versions_;
  const client::WireOptions options_;
  Peer peer_{broker_.address(), options_, std::chrono::seconds(10)};
};

TEST_F(OwnThingsTest, AMemberThatLeftJoinsAsAnother) {
  OwnThings own(peer_, versions_, "name");
  own.join();
  ASSERT_TRUE(own.is_member());
  own.learn(ApiKey::kLeaveGroup, with_error(ErrorCode::kNone));
  EXPECT_EQ(own.subject().member_id, "");
  own.join();
  EXPECT_EQ(broker_.requests(ApiKey::kJoinGroup).size(), 2U);
}

// It would have to wait for the end of its own former session.
TEST_F(OwnThingsTest, AMemberThatMayNotLeaveIsStillOne) {
  OwnThings own(peer_, versions_, "name");
  own.join();
  own.learn(ApiKey::kLeaveGroup, with_error(ErrorCode::kUnknownMemberId));
  EXPECT_FALSE(own.is_member()) << "not before it is seen";
  own.join();
  EXPECT_TRUE(own.is_member());
  EXPECT_EQ(own.subject().member_id, "m");
  EXPECT_EQ(broker_.requests(ApiKey::kJoinGroup).size(), 1U);
}

}  // namespace
}  // namespace ks::probe
