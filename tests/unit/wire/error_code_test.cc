#include "lib/wire/error_code.h"

#include <gtest/gtest.h>

namespace ks::wire {
namespace {

TEST(ErrorCode, HasTheNameOfTheProtocolGuide) {
  EXPECT_EQ(error_name(-1), "UNKNOWN_SERVER_ERROR");
  EXPECT_EQ(error_name(0), "NONE");
  EXPECT_EQ(error_name(static_cast<std::int16_t>(ErrorCode::kNotCoordinator)), "NOT_COORDINATOR");
  EXPECT_EQ(error_name(static_cast<std::int16_t>(ErrorCode::kFencedInstanceId)),
            "FENCED_INSTANCE_ID");
  EXPECT_EQ(error_name(static_cast<std::int16_t>(ErrorCode::kUnknownTopicId)), "UNKNOWN_TOPIC_ID");
  EXPECT_EQ(error_name(133), "SHARE_SESSION_LIMIT_REACHED");
}

TEST(ErrorCode, AnUnknownOneIsItsNumber) {
  for (const std::int16_t code : std::initializer_list<std::int16_t>{-2, 134, 32767, -32768}) {
    EXPECT_EQ(error_name(code), "error " + std::to_string(code));
    EXPECT_FALSE(is_known(code));
    EXPECT_FALSE(is_retriable(code));
  }
}

TEST(ErrorCode, TellsWhatMayBeTriedAgain) {
  EXPECT_TRUE(is_retriable(7)) << "REQUEST_TIMED_OUT";
  EXPECT_FALSE(is_stale_metadata(7));
  EXPECT_TRUE(is_stale_metadata(6)) << "NOT_LEADER_OR_FOLLOWER";
  EXPECT_TRUE(is_retriable(6));
  EXPECT_FALSE(is_retriable(29)) << "TOPIC_AUTHORIZATION_FAILED";
  EXPECT_FALSE(is_retriable(0));
}

}  // namespace
}  // namespace ks::wire
