#include <gtest/gtest.h>

#include "exchanges.h"
#include "lib/wire/message.h"
#include "lib/wire/value_json.h"

namespace ks::wire {
namespace {

// Bytes that Kafka's own message classes (kafka-clients 4.1.1) wrote for these fields.
struct Known {
  const char* what;
  const char* message;
  std::int16_t version;
  const char* json;
  const char* hex;
};

constexpr Known kKnown[] = {
    {"a null array", "MetadataRequest", 1, R"({"topics":null})", "ffffffff"},
    {"an empty array", "MetadataRequest", 1, R"({"topics":[]})", "00000000"},
    {"compact lengths and no tagged field", "MetadataRequest", 9,
     R"({"topics":[{"name":"orders"}],"allow_auto_topic_creation":false,
         "include_cluster_authorized_operations":false,
         "include_topic_authorized_operations":false})",
     "02076f72646572730000000000"},
    {"null strings and records", "ProduceRequest", 3,
     R"({"transactional_id":null,"acks":-1,"timeout_ms":1000,"topic_data":[{"name":"t",
         "partition_data":[{"index":0,"records":"eHl6"},{"index":1,"records":null}]}]})",
     "ffffffff000003e80000000100017400000002000000000000000378797a00000001ffffffff"},
    {"tagged strings, structs and uuids", "FetchRequest", 17,
     R"({"cluster_id":"c","replica_state":{"replica_id":4,"replica_epoch":9},"max_wait_ms":500,
         "min_bytes":1,"max_bytes":2147483647,"isolation_level":0,"session_id":0,
         "session_epoch":-1,"topics":[{"topic_id":"AAECAwQFBgcICQoLDA0ODw","partitions":[
         {"partition":2,"current_leader_epoch":-1,"fetch_offset":77,"last_fetched_epoch":-1,
         "log_start_offset":-1,"partition_max_bytes":1024,
         "replica_directory_id":"AAECAwQFBgcICQoLDA0ODw"}]}],"forgotten_topics_data":[],
         "rack_id":""})",
     "000001f4000000017fffffff0000000000ffffffff02000102030405060708090a0b0c0d0e0f0200000002"
     "ffffffff000000000000004dffffffffffffffffffffffff00000400010010000102030405060708090a0b"
     "0c0d0e0f0001010200020263010d00000004000000000000000900"},
    {"a nullable struct", "ConsumerGroupHeartbeatResponse", 0,
     R"({"throttle_time_ms":0,"error_code":0,"error_message":null,"member_id":"m",
         "member_epoch":7,"heartbeat_interval_ms":5000,"assignment":{"topic_partitions":[
         {"topic_id":"AAECAwQFBgcICQoLDA0ODw","partitions":[0,3]}]}})",
     "00000000000000026d00000007000013880102000102030405060708090a0b0c0d0e0f0300000000000000"
     "03000000"},
    {"a null struct", "ConsumerGroupHeartbeatResponse", 0,
     R"({"throttle_time_ms":0,"error_code":110,"error_message":"no","member_id":null,
         "member_epoch":0,"heartbeat_interval_ms":0,"assignment":null})",
     "00000000006e036e6f000000000000000000ff00"},
    {"a float", "DescribeClientQuotasResponse", 1,
     R"({"throttle_time_ms":0,"error_code":0,"error_message":"","entries":[{"entity":[
         {"entity_type":"user","entity_name":null}],"values":[{"key":"rate","value":1.5}]}]})",
     "000000000000010202057573657200000205726174653ff8000000000000000000"},
    {"an unsigned port", "BeginQuorumEpochRequest", 1,
     R"({"cluster_id":null,"voter_id":3,"topics":[],
         "leader_endpoints":[{"name":"L","host":"h","port":65535}]})",
     "00000000030102024c0268ffff0000"},
};

TEST(WireCodec, KnownBytesInBothDirections) {
  for (const Known& known : kKnown) {
    SCOPED_TRACE(known.what);
    const MessageSchema& schema = *find_message(known.message);
    const auto json = nlohmann::ordered_json::parse(known.json);
    const std::string bytes = from_hex(known.hex);
    const auto message = from_json(schema, json);
    ASSERT_TRUE(message) << message.error().message();
    EXPECT_EQ(encode_message(schema, known.version, *message), bytes);
    const auto decoded = decode_message(schema, known.version, bytes);
    ASSERT_TRUE(decoded) << decoded.error().message();
    EXPECT_EQ(to_json(schema, known.version, *decoded), json);
  }
}

TEST(WireCodec, RequestsReadLikeTheProtocolGuide) {
  const Frame request = {
      request_header(ApiKey::kMetadata, 9, 7, "ks"),
      {{"topics", Value::array({{{"name", "orders"}}})}, {"allow_auto_topic_creation", false}}};
  EXPECT_EQ(encode_request(request), from_hex("00030009"  // API key and version
                                              "00000007"  // correlation id
                                              "00026b73"  // the client id, not compact
                                              "00"        // no tagged field in the header
                                              "02076f72646572730000000000"));
}

struct Header {
  ApiKey key;
  std::int16_t version;
  const char* request;
  const char* response;
};

// The version of a header follows from the API and its version; three cases are special.
TEST(WireCodec, HeadersOfEachKind) {
  const Header headers[] = {
      {ApiKey::kHeartbeat, 3,
       "000c000300000001"
       "00026b73",
       "00000001"},
      {ApiKey::kHeartbeat, 4,
       "000c000400000001"
       "00026b73"
       "00",
       "00000001"
       "00"},
      {ApiKey::kApiVersions, 3,
       "0012000300000001"
       "00026b73"
       "00",
       "00000001"},
      {ApiKey::kControlledShutdown, 0, "0007000000000001", "00000001"},
      {ApiKey::kControlledShutdown, 1,
       "0007000100000001"
       "00026b73",
       "00000001"},
  };
  for (const Header& header : headers) {
    const auto request =
        encode_request({request_header(header.key, header.version, 1, "ks"), Value::structure()});
    ASSERT_TRUE(request) << request.error().message();
    const std::string expected = from_hex(header.request);
    EXPECT_EQ(request->substr(0, expected.size()), expected);
    const auto response =
        encode_response(header.key, header.version, {{{"correlation_id", 1}}, Value::structure()});
    ASSERT_TRUE(response) << response.error().message();
    const std::string body =
        *encode_message(*find_response(header.key), header.version, Value::structure());
    EXPECT_EQ(*response, from_hex(header.response) + body);
    ASSERT_TRUE(decode_request(*request));
  }
}

TEST(WireCodec, AClientIdMayBeNull) {
  Frame request = {request_header(ApiKey::kListGroups, 0, 1, ""), Value::structure()};
  request.header.set("client_id", nullptr);
  const auto bytes = encode_request(request);
  EXPECT_EQ(bytes, from_hex("0010000000000001"
                            "ffff"));
  EXPECT_TRUE(decode_request(*bytes)->header["client_id"].is_null());
}

TEST(WireCodec, ConsumerProtocolIsBehindItsVersion) {
  const MessageSchema& schema = *find_message("ConsumerProtocolSubscription");
  const Value subscription = {
      {"topics", Value::array({"orders"})},
      {"owned_partitions",
       Value::array({{{"topic", "orders"}, {"partitions", Value::array({1})}}})},
      {"generation_id", 8},
      {"rack_id", "r"}};
  const std::string body =
      "0000000100066f7264657273ffffffff0000000100066f7264657273000000010000000100000008000172";
  EXPECT_EQ(encode_versioned(schema, 3, subscription), from_hex("0003" + body));

  const auto decoded = decode_versioned(schema, from_hex("0003" + body));
  ASSERT_TRUE(decoded) << decoded.error().message();
  EXPECT_EQ((*decoded)["rack_id"].as_string(), "r");
  EXPECT_FALSE(decode_versioned(schema, from_hex("0003" + body + "00"))) << "a byte too many";
  EXPECT_FALSE(decode_versioned(schema, from_hex("ffff" + body))) << "version -1";
  EXPECT_FALSE(decode_versioned(schema, "\0")) << "half a version";
}

TEST(WireCodec, ANewerConsumerProtocolIsReadAsFarAsItIsKnown) {
  const MessageSchema& schema = *find_message("ConsumerProtocolAssignment");
  const auto decoded = decode_versioned(schema, from_hex("0063"
                                                         "00000000"
                                                         "ffffffff"
                                                         "cafe"));
  ASSERT_TRUE(decoded) << decoded.error().message();
  EXPECT_EQ((*decoded)["assigned_partitions"], Value::array({}));
}

}  // namespace
}  // namespace ks::wire
