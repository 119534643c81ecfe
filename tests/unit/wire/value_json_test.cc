#include "lib/wire/value_json.h"

#include <gtest/gtest.h>

#include "lib/wire/message.h"

namespace ks::wire {
namespace {

using Json = nlohmann::ordered_json;

std::string refusal(const char* message, const Json& json) {
  const auto value = from_json(*find_message(message), json);
  return value ? "was read" : value.error().message();
}

TEST(WireJson, RequestsAreWrittenAsTheProtocolGuideNamesTheirFields) {
  const auto value = from_json(
      *find_message("CreateTopicsRequest"),
      Json::parse(R"({"topics": [{"name": "orders", "num_partitions": 3}], "timeout_ms": 500})"));
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(*value, (Value{{"topics", Value::array({{{"name", "orders"}, {"num_partitions", 3}}})},
                           {"timeout_ms", 500}}));
}

TEST(WireJson, BytesAreBase64AndUuidsAreAsKafkaPrintsThem) {
  const MessageSchema& schema = *find_message("FetchResponse");
  Uuid uuid{};
  uuid.fill(0xff);
  for (const auto& [bytes, base64] :
       {std::pair{"", ""}, {"a", "YQ=="}, {"ab", "YWI="}, {"abc", "YWJj"}, {"\xfb\xff", "+/8="}}) {
    const Value body = {
        {"responses",
         Value::array({{{"topic_id", uuid},
                        {"partitions", Value::array({{{"records", Value::bytes(bytes)}}})}}})}};
    const Json json = to_json(schema, 13, body);
    EXPECT_EQ(json["responses"][0]["topic_id"], "_____________________w");
    EXPECT_EQ(json["responses"][0]["partitions"][0]["records"], base64);
    const auto back = from_json(schema, json);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ((*back)["responses"][0]["topic_id"].as_uuid(), uuid);
    EXPECT_EQ((*back)["responses"][0]["partitions"][0]["records"].as_bytes(), bytes);
  }
}

TEST(WireJson, OnlyFieldsOfTheVersionAndTaggedOnesThatAreSetAreShown) {
  const MessageSchema& schema = *find_message("FetchRequest");
  const Value request = {{"max_wait_ms", 5}};
  EXPECT_FALSE(to_json(schema, 2, request).contains("max_bytes"));
  EXPECT_EQ(to_json(schema, 3, request)["max_bytes"], 0x7fffffff);
  EXPECT_FALSE(to_json(schema, 12, request).contains("cluster_id"));
  EXPECT_EQ(to_json(schema, 12, {{"cluster_id", "c"}})["cluster_id"], "c");
}

TEST(WireJson, UnknownTaggedFieldsAreShownAndRead) {
  const MessageSchema& schema = *find_message("HeartbeatRequest");
  const Value request = {
      {kTaggedFields, Value::array({{{"tag", 9}, {"data", Value::bytes("abc")}}})}};
  const Json json = to_json(schema, 4, request);
  EXPECT_EQ(json["_tagged_fields"], Json::parse(R"([{"tag": 9, "data": "YWJj"}])"));
  const auto back = from_json(schema, json);
  ASSERT_TRUE(back);
  EXPECT_EQ((*back)[kTaggedFields], request[kTaggedFields]);
}

TEST(WireJson, WhatDoesNotFitIsNamedWithItsPath) {
  struct Case {
    const char* json;
    const char* error;
  };
  const Case cases[] = {
      {R"([])", "an object is wanted, not array"},
      {R"({"topic": []})", "no such field: topic"},
      {R"({"topics": [{"name": "a"}, {"nam": "b"}]})", "no such field: topics[1].nam"},
      {R"({"topics": {"name": "a"}})", "an array is wanted, not object: topics"},
      {R"({"topics": ["a"]})", "an object is wanted, not string: topics[0]"},
      {R"({"topics": [{"name": 1}]})", "a string is wanted, not number: topics[0].name"},
      {R"({"topics": [{"name": "a", "topic_id": 1}]})",
       "a string with a uuid is wanted, not number: topics[0].topic_id"},
      {R"({"topics": [{"topic_id": "AAECAwQFBgcICQoLDA0OD"}]})",
       "not a uuid: 22 characters of URL-safe base64: topics[0].topic_id"},
      {R"({"topics": [{"topic_id": "_____________________/"}]})",
       "not a uuid: 22 characters of URL-safe base64: topics[0].topic_id"},
      {R"({"allow_auto_topic_creation": 1})",
       "a boolean is wanted, not number: allow_auto_topic_creation"},
      {R"({"_tagged_fields": [{"tag": "1"}]})",
       "an integer is wanted, not string: _tagged_fields[0].tag"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(refusal("MetadataRequest", Json::parse(c.json)), c.error);
  }
  EXPECT_EQ(refusal("HeartbeatRequest", {{"generation_id", 1.5}}),
            "an integer is wanted, not number: generation_id");
  EXPECT_EQ(refusal("HeartbeatRequest", {{"generation_id", 1ULL << 63}}),
            "an integer of more than 64 bits: generation_id");
  for (const char* bad : {"YQ", "YQ=", "Y===", "YR==", "Y Q=", "YQ==YQ==", "YQ-_"}) {
    EXPECT_EQ(refusal("SyncGroupResponse", {{"assignment", bad}}), "not base64: assignment") << bad;
  }
  EXPECT_EQ(refusal("SyncGroupResponse", {{"assignment", 1}}),
            "a string of base64 is wanted, not number: assignment");
  EXPECT_EQ(refusal("DescribeClientQuotasResponse",
                    Json::parse(R"({"entries": [{"values": [{"value": "1"}]}]})")),
            "a number is wanted, not string: entries[0].values[0].value");
}

TEST(WireJson, AnIntegerWillDoForAFloat) {
  const auto quotas =
      from_json(*find_message("DescribeClientQuotasResponse"),
                Json::parse(R"({"entries": [{"values": [{"key": "rate", "value": 2}]}]})"));
  ASSERT_TRUE(quotas);
  EXPECT_EQ((*quotas)["entries"][0]["values"][0]["value"].as_double(), 2.0);
}

TEST(WireJson, DeepNestingIsAnErrorAndNoStackOverflow) {
  constexpr std::size_t kDepth = 100000;
  const std::string arrays = std::string(kDepth, '[') + std::string(kDepth, ']');
  EXPECT_EQ(refusal("MetadataRequest", Json::parse(R"({"topics": )" + arrays + "}")),
            "an object is wanted, not array: topics[0]");
}

}  // namespace
}  // namespace ks::wire
