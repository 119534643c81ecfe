#include "lib/probe/error_codes.h"

#include <gtest/gtest.h>

namespace ks::probe {
namespace {

using wire::ApiKey;
using wire::Value;

TEST(ErrorCodes, AreFoundAtAnyDepth) {
  const Value response = {
      {"error_code", 3},
      {"name", "orders"},
      {"groups",
       Value::array({{{"error_code", 0}}, {{"topics", Value::array({{{"error_code", 16}}})}}})}};
  EXPECT_EQ(error_codes(response), (std::set<std::int16_t>{3, 16}));
  EXPECT_TRUE(error_codes(Value{{"error_code", 0}, {"throttle_time_ms", 5}}).empty());
}

TEST(ErrorCodes, AreNamed) {
  EXPECT_EQ(names_of({3, 1234}), "UNKNOWN_TOPIC_OR_PARTITION, error 1234");
}

TEST(IsExpected, GoesByWhatClientsOfTheApiHandle) {
  constexpr std::int16_t kNotCoordinator = 16;
  constexpr std::int16_t kOffsetOutOfRange = 1;
  EXPECT_TRUE(is_expected(ApiKey::kHeartbeat, 0));
  EXPECT_TRUE(is_expected(ApiKey::kHeartbeat, kNotCoordinator));
  EXPECT_FALSE(is_expected(ApiKey::kFetch, kNotCoordinator));
  EXPECT_TRUE(is_expected(ApiKey::kFetch, kOffsetOutOfRange));
  EXPECT_FALSE(is_expected(ApiKey::kHeartbeat, kOffsetOutOfRange));
}

TEST(IsExpected, OfAnApiWithoutAListAnyCodeOfTheGuideIs) {
  constexpr ApiKey kDescribeCluster{60};
  constexpr std::int16_t kClusterAuthorizationFailed = 31;
  EXPECT_TRUE(is_expected(kDescribeCluster, kClusterAuthorizationFailed));
  EXPECT_FALSE(is_expected(kDescribeCluster, -1)) << "UNKNOWN_SERVER_ERROR";
  EXPECT_FALSE(is_expected(kDescribeCluster, 12345));
}

TEST(IsExpected, UnsupportedVersionIsForWhatAFeatureDecides) {
  constexpr std::int16_t kUnsupportedVersion = 35;
  constexpr ApiKey kConsumerGroupHeartbeat{68};
  EXPECT_TRUE(is_expected(kConsumerGroupHeartbeat, kUnsupportedVersion));
  EXPECT_FALSE(is_expected(ApiKey::kMetadata, kUnsupportedVersion));
}

}  // namespace
}  // namespace ks::probe
