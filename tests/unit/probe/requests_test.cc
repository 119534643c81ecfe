#include "lib/probe/requests.h"

#include <gtest/gtest.h>

#include "lib/wire/call.h"

namespace ks::probe {
namespace {

Subject subject() {
  Subject out;
  out.topic = "orders";
  out.group = "billing";
  out.member_id = "member-1";
  out.generation_id = 3;
  return out;
}

TEST(ValidRequest, OfEveryVersionOfEveryApiEncodesAndReadsBack) {
  std::size_t versions = 0;
  for (const wire::Api& api : wire::all_apis()) {
    for (std::int16_t v = api.versions.min; v <= api.versions.max; ++v, ++versions) {
      const std::string what =
          wire::api_name(static_cast<std::int16_t>(api.key)) + " v" + std::to_string(v);
      const auto fields = valid_request(api.key, v, subject());
      ASSERT_TRUE(fields) << what << ": " << fields.error().message();
      const auto frame = wire::encode_call(api.key, v, *fields, "ks");
      ASSERT_TRUE(frame) << what << ": " << frame.error().message();
      const auto again =
          wire::decode_request(std::string_view(*frame).substr(wire::Connection::kLengthBytes));
      EXPECT_TRUE(again) << what << ": " << again.error().message();
    }
  }
  EXPECT_GT(versions, 300U);
}

TEST(ValidRequest, IsAboutTheSubject) {
  const auto heartbeat = valid_request(wire::ApiKey::kHeartbeat, 0, subject());
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ((*heartbeat)["group_id"].as_string(), "billing");
  EXPECT_EQ((*heartbeat)["member_id"].as_string(), "member-1");
  EXPECT_EQ((*heartbeat)["generation_id"].as_int(), 3);
}

// What would change the cluster touches only topics of the subject's own name, or none.
TEST(ValidRequest, DeletesOnlyWhatTheRunItselfCreated) {
  for (const std::int16_t version : {std::int16_t{1}, std::int16_t{6}}) {
    const auto created = valid_request(wire::ApiKey::kCreateTopics, version, subject());
    const auto deleted = valid_request(wire::ApiKey::kDeleteTopics, version, subject());
    ASSERT_TRUE(created && deleted);
    const auto name = (*created)["topics"][0]["name"].as_string();
    EXPECT_EQ(name, "orders-v" + std::to_string(version));
    EXPECT_EQ(version < 6 ? (*deleted)["topic_names"][0].as_string()
                          : (*deleted)["topics"][0]["name"].as_string(),
              name);
  }
}

}  // namespace
}  // namespace ks::probe
