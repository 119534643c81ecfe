#include <gtest/gtest.h>

#include <deque>

#include "exchanges.h"
#include "lib/wire/message.h"

namespace ks::wire {
namespace {

cli::Result<Value> decode(const char* message, std::int16_t version, const std::string& hex) {
  static std::deque<std::string> frames;  // what was decoded may view them
  frames.push_back(from_hex(hex));
  return decode_message(*find_message(message), version, frames.back());
}

TEST(WireCodecDecode, AbsentFieldsHaveTheirDefaults) {
  const auto v0 = decode("ListOffsetsResponse", 0,
                         "00000001"
                         "000174"
                         "00000001"
                         "00000000"
                         "0000"
                         "00000001"
                         "0000000000000005");
  ASSERT_TRUE(v0) << v0.error().message();
  const Value& partition = (*v0)["topics"][0]["partitions"][0];
  EXPECT_EQ(partition["old_style_offsets"], Value::array({5}));
  EXPECT_EQ(partition["offset"].as_int(), -1);
  EXPECT_EQ(partition["leader_epoch"].as_int(), -1);
  EXPECT_EQ((*v0)["throttle_time_ms"].as_int(), 0);
}

TEST(WireCodecDecode, AnyByteButZeroIsTrue) {
  const auto request = decode("MetadataRequest", 4, "ffffffff02");
  ASSERT_TRUE(request);
  EXPECT_TRUE((*request)["allow_auto_topic_creation"].as_bool());
}

TEST(WireCodecDecode, UnknownTaggedFieldsAreKept) {
  const std::string hex =
      "01"
      "00000001"
      "01"
      "00"  // group_id, generation_id, member_id, group_instance_id
      "02"
      "0503010203"
      "ac0200";
  const auto request = decode("HeartbeatRequest", 4, hex);
  ASSERT_TRUE(request) << request.error().message();
  const Value& tagged = (*request)[kTaggedFields];
  EXPECT_EQ(tagged[0]["tag"].as_int(), 5);
  EXPECT_EQ(tagged[0]["data"].as_bytes(), "\1\2\3");
  EXPECT_EQ(tagged[1]["tag"].as_int(), 300);
  EXPECT_EQ(encode_message(*find_message("HeartbeatRequest"), 4, *request), from_hex(hex));
}

TEST(WireCodecDecode, UnknownTaggedFieldsGoBetweenKnownOnes) {
  const std::string hex =
      "000001f4000000017fffffff0000000000ffffffff"
      "01"
      "01"
      "01"
      "03"
      "00"
      "02"
      "0263"
      "01"
      "0d"
      "00000004000000000000000900"
      "07"
      "01"
      "ff";
  const auto request = decode("FetchRequest", 15, hex);
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ((*request)["cluster_id"].as_string(), "c");
  EXPECT_EQ((*request)["replica_state"]["replica_epoch"].as_int(), 9);
  EXPECT_EQ((*request)[kTaggedFields][0]["tag"].as_int(), 7);
  EXPECT_EQ(encode_message(*find_message("FetchRequest"), 15, *request), from_hex(hex));
}

struct Malformed {
  const char* message;
  std::int16_t version;
  const char* hex;
  const char* error;
};

constexpr Malformed kMalformed[] = {
    {"MetadataRequest", 1, "7fffffff",
     "more elements than the bytes left can hold: topics at byte 4 of 4"},
    {"MetadataRequest", 1,
     "00000002"
     "000161",
     "more elements than the bytes left can hold: topics at byte 4 of 7"},
    {"MetadataRequest", 1, "fffffffe", "negative length: topics at byte 4 of 4"},
    {"MetadataRequest", 0, "ffffffff", "null where it may not be: topics at byte 4 of 4"},
    {"MetadataRequest", 9, "ffffffff0f",
     "more elements than the bytes left can hold: topics at byte 5 of 5"},
    {"MetadataRequest", 9, "ffffffff1f", "variable-length integer too long: topics at byte 5 of 5"},
    {"MetadataRequest", 9, "8080808080808000",
     "variable-length integer too long: topics at byte 5 of 8"},
    {"MetadataRequest", 9, "8080", "truncated: topics at byte 2 of 2"},
    {"MetadataRequest", 1,
     "00000001"
     "fffe",
     "negative length: topics[0].name at byte 6 of 6"},
    {"MetadataRequest", 1,
     "00000001"
     "ffff",
     "null where it may not be: topics[0].name at byte 6 of 6"},
    {"MetadataRequest", 1,
     "00000001"
     "000561",
     "truncated: topics[0].name at byte 6 of 7"},
    {"MetadataRequest", 9,
     "02"
     "81800200",
     "a string of more than 32767 bytes: topics[0].name at byte 4 of 5"},
    {"SyncGroupResponse", 0,
     "0000"
     "7fffffff",
     "truncated: assignment at byte 6 of 6"},
    {"SyncGroupResponse", 0,
     "0000"
     "ffffffff",
     "null where it may not be: assignment at byte 6 of 6"},
    {"ConsumerGroupHeartbeatResponse", 0,
     "000000000000"
     "00"
     "00"
     "00000000"
     "00000000"
     "00"
     "00",
     "neither null (-1) nor a struct (1): assignment at byte 17 of 18"},
    {"HeartbeatRequest", 4,
     "01"
     "00000001"
     "01"
     "00"
     "ffffffff0f",
     "truncated: _tagged_fields at byte 12 of 12"},
    {"HeartbeatRequest", 4,
     "01"
     "00000001"
     "01"
     "00"
     "02"
     "0500"
     "0500",
     "tags are not in ascending order: _tagged_fields at byte 12 of 12"},
    {"HeartbeatRequest", 4,
     "01"
     "00000001"
     "01"
     "00"
     "02"
     "0500"
     "0400",
     "tags are not in ascending order: _tagged_fields at byte 12 of 12"},
    {"HeartbeatRequest", 4,
     "01"
     "00000001"
     "01"
     "00"
     "01"
     "05ffffffff0f",
     "truncated: _tagged_fields at byte 14 of 14"},
    {"FetchRequest", 12,
     "ffffffff000001f4000000017fffffff0000000000ffffffff010101"
     "01"
     "00"
     "03"
     "026300",
     "a tagged field of another size than it says: _tagged_fields.cluster_id at byte 33 of 34"},
    {"FetchRequest", 12,
     "ffffffff000001f4000000017fffffff0000000000ffffffff010101"
     "01"
     "00"
     "01"
     "0263",
     "a tagged field of another size than it says: _tagged_fields.cluster_id at byte 33 of 33"},
};

TEST(WireCodecDecode, MalformedInputIsNamedWithFieldAndByte) {
  for (const Malformed& bad : kMalformed) {
    const auto message = decode(bad.message, bad.version, bad.hex);
    const std::string version = std::to_string(bad.version);
    ASSERT_FALSE(message) << bad.message << " v" << version << " " << bad.hex;
    EXPECT_EQ(message.error().message(),
              std::string("malformed ") + bad.message + " v" + version + ": " + bad.error);
  }
}

TEST(WireCodecDecode, RequestsWithoutAKnownApiAreErrors) {
  const auto refused = [](const std::string& bytes) {
    const auto request = decode_request(bytes);
    return request ? "was read" : request.error().message();
  };
  EXPECT_EQ(refused(""), "malformed request: truncated: API key and version at byte 0");
  EXPECT_EQ(refused(from_hex("000300")),
            "malformed request: truncated: API key and version at byte 2");
  EXPECT_EQ(refused(from_hex("03e70000000000010000")), "unknown API key 999");
  EXPECT_EQ(refused(from_hex("ffff0000000000010000")), "unknown API key -1");
  EXPECT_EQ(refused(from_hex("00030063000000010000")),
            "MetadataRequest has no version 99: versions 0-13");
  EXPECT_FALSE(decode_response(ApiKey{999}, 0, from_hex("00000001")));
  EXPECT_FALSE(decode_response(ApiKey::kMetadata, 99, from_hex("00000001")));
}

}  // namespace
}  // namespace ks::wire
