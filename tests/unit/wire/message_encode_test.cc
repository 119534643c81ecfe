#include <gtest/gtest.h>

#include "lib/wire/message.h"

namespace ks::wire {
namespace {

// Why a message cannot be written: "what: where".
std::string refusal(const char* message, std::int16_t version, const Value& value) {
  const auto bytes = encode_message(*find_message(message), version, value);
  return bytes ? "was written" : bytes.error().message();
}

std::string bytes_of(const char* message, std::int16_t version, const Value& value) {
  return encode_message(*find_message(message), version, value).value();
}

bool is_written(const char* message, std::int16_t version, const Value& value) {
  return encode_message(*find_message(message), version, value).has_value();
}

// With what was left apart put back, the bytes are those of a plain encoding.
TEST(WireCodecEncode, LargeRecordsCanBeLeftApart) {
  const std::string large(5000, 'r');
  for (const std::int16_t version : {std::int16_t{3}, std::int16_t{9}}) {
    const Value partitions = Value::array({{{"index", 0}, {"records", Value::bytes(large)}},
                                           {{"index", 1}, {"records", Value::bytes("small")}},
                                           {{"index", 2}, {"records", Value::bytes(large)}}});
    const Frame request{
        request_header(ApiKey::kProduce, version, 7, "me"),
        {{"topic_data", Value::array({{{"name", "t"}, {"partition_data", partitions}}})}}};
    const auto whole = encode_request(request, 4);
    std::vector<Apart> apart;
    auto bytes = encode_request(request, 4, &apart);
    ASSERT_TRUE(whole && bytes);
    ASSERT_EQ(apart.size(), 2U);
    EXPECT_EQ(bytes->size() + 2 * large.size(), whole->size());
    bytes->insert(apart[1].at, apart[1].records);
    bytes->insert(apart[0].at, apart[0].records);
    EXPECT_EQ(*bytes, *whole);
  }
}

TEST(WireCodecEncode, AnUnknownFieldIsNamedWithItsPath) {
  EXPECT_EQ(
      refusal("MetadataRequest", 4, {{"topics", Value::array({{{"name", "a"}}, {{"nam", "b"}}})}}),
      "cannot write MetadataRequest v4: no such field in any version: topics[1].nam");
}

TEST(WireCodecEncode, AFieldGivenTwiceIsAnError) {
  EXPECT_EQ(refusal("HeartbeatRequest", 0, {{"group_id", "a"}, {"group_id", "b"}}),
            "cannot write HeartbeatRequest v0: given twice: group_id");
}

TEST(WireCodecEncode, AnotherTypeIsAnError) {
  struct Case {
    Value value;
    const char* reason;
  };
  const Case cases[] = {
      {{{"replica_id", "1"}}, "an integer is wanted, not a string: replica_id"},
      {{{"isolation_level", 300}}, "300 does not fit into 8 bits: isolation_level"},
      {{{"replica_id", std::int64_t{1} << 31}}, "2147483648 does not fit into 32 bits: replica_id"},
      {{{"topics", nullptr}}, "an array is wanted, not null: topics"},
      {{{"topics", {{"name", "a"}}}}, "an array is wanted, not a struct: topics"},
      {{{"topics", Value::array({"a"})}}, "a struct is wanted, not a string: topics[0]"},
      {{{"topics", Value::array({{{"name", nullptr}}})}},
       "a string is wanted, not null: topics[0].name"},
      {{{"topics", Value::array({{{"name", std::string(32768, 'x')}}})}},
       "a string of more than 32767 bytes: topics[0].name"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(refusal("ListOffsetsRequest", 2, c.value),
              std::string("cannot write ListOffsetsRequest v2: ") + c.reason);
  }
  EXPECT_EQ(refusal("MetadataRequest", 4, Value::array({})),
            "cannot write MetadataRequest v4: a struct is wanted, not an array");
  EXPECT_EQ(refusal("MetadataRequest", 4, {{"allow_auto_topic_creation", 1}}),
            "cannot write MetadataRequest v4: a bool is wanted, not an integer: "
            "allow_auto_topic_creation");
  EXPECT_EQ(
      refusal("SyncGroupRequest", 0, {{"assignments", Value::array({{{"assignment", "text"}}})}}),
      "cannot write SyncGroupRequest v0: bytes is wanted, not a string: "
      "assignments[0].assignment");
}

TEST(WireCodecEncode, NullOnlyWhereTheVersionAllowsIt) {
  EXPECT_FALSE(is_written("MetadataRequest", 0, {{"topics", nullptr}}));
  EXPECT_TRUE(is_written("MetadataRequest", 1, {{"topics", nullptr}}));
}

TEST(WireCodecEncode, AFieldThatTheVersionLacksMayOnlyHaveItsDefault) {
  EXPECT_EQ(refusal("MetadataRequest", 3, {{"allow_auto_topic_creation", false}}),
            "cannot write MetadataRequest v3: this version has no such field, but a value is given "
            "for it: allow_auto_topic_creation");
  EXPECT_TRUE(is_written("MetadataRequest", 3, {{"allow_auto_topic_creation", true}}));
  EXPECT_TRUE(is_written("MetadataRequest", 4, {{"allow_auto_topic_creation", false}}));
}

TEST(WireCodecEncode, AnIgnorableFieldIsLeftOutOfAVersionThatLacksIt) {
  const auto with_and_without = [](std::int16_t version) {
    return std::pair(bytes_of("HeartbeatResponse", version, {{"throttle_time_ms", 7}}),
                     bytes_of("HeartbeatResponse", version, Value::structure()));
  };
  const auto [v0, v0_default] = with_and_without(0);
  EXPECT_EQ(v0, v0_default);
  const auto [v1, v1_default] = with_and_without(1);
  EXPECT_NE(v1, v1_default);
}

TEST(WireCodecEncode, AStructGivenInPartIsTheDefaultWhereWhatIsGivenIs) {
  EXPECT_TRUE(is_written("FetchRequest", 14, {{"replica_state", {{"replica_epoch", -1}}}}));
  EXPECT_FALSE(is_written("FetchRequest", 14, {{"replica_state", {{"replica_epoch", 1}}}}));
  EXPECT_EQ(bytes_of("FetchRequest", 15, {{"replica_state", {{"replica_epoch", -1}}}}),
            bytes_of("FetchRequest", 15, Value::structure()))
      << "a tagged field with its default is not written";
}

TEST(WireCodecEncode, UnknownTaggedFieldsMustFitIn) {
  const auto with = [](const Value& tag, const Value& data) -> Value {
    return {{kTaggedFields, Value::array({{{"tag", tag}, {"data", data}}})}};
  };
  EXPECT_TRUE(is_written("HeartbeatRequest", 4, with(100, Value::bytes("x"))));
  EXPECT_EQ(refusal("HeartbeatRequest", 3, with(100, Value::bytes("x"))),
            "cannot write HeartbeatRequest v3: this version has no tagged fields: _tagged_fields");
  for (const Value& bad :
       {with(-1, Value::bytes("x")), with(1, "text"), with("1", Value::bytes("x")),
        Value{{kTaggedFields, Value::array({Value::structure()})}}}) {
    EXPECT_EQ(refusal("HeartbeatRequest", 4, bad),
              "cannot write HeartbeatRequest v4: not a {tag: number, data: bytes}: "
              "_tagged_fields[0]");
  }
  EXPECT_EQ(refusal("FetchRequest", 12,
                    {{"cluster_id", "c"},
                     {kTaggedFields, Value::array({{{"tag", 0}, {"data", Value::bytes("x")}}})}}),
            "cannot write FetchRequest v12: tag 0 is given twice");
}

TEST(WireCodecEncode, ApiAndVersionMustBeInTheTable) {
  const auto refused = [](const Value& header) {
    const auto bytes = encode_request({header, Value::structure()});
    return bytes ? "was written" : bytes.error().message();
  };
  EXPECT_EQ(refused(request_header(ApiKey{999}, 0, 1, "")), "unknown API key 999");
  EXPECT_EQ(refused(request_header(ApiKey::kMetadata, 99, 1, "")),
            "MetadataRequest has no version 99: versions 0-13");
  EXPECT_EQ(refused({{"correlation_id", 1}}), "unknown API key -1");
  EXPECT_FALSE(encode_response(ApiKey::kMetadata, -1, {}));
  EXPECT_FALSE(encode_message(*find_message("RequestHeader"), 3, Value::structure()));
}

}  // namespace
}  // namespace ks::wire
