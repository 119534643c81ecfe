#include <gtest/gtest.h>

#include <functional>

#include "lib/wire/message.h"
#include "lib/wire/value_json.h"
#include "random_message.h"

namespace ks::wire {
namespace {

using Check = std::function<void(const MessageSchema&, std::int16_t version)>;

// Returns how many versions of how many messages there were.
int for_every_version(const Check& check) {
  int count = 0;
  const auto versions_of = [&](std::string_view name) {
    const MessageSchema* schema = find_message(name);
    ASSERT_NE(schema, nullptr) << name;
    for (std::int16_t v = schema->versions.min; v <= schema->versions.max; ++v, ++count) {
      SCOPED_TRACE(schema->name_at(v));
      check(*schema, v);
    }
  };
  for (const Api& api : all_apis()) {
    versions_of(std::string(api.name) + "Request");
    versions_of(std::string(api.name) + "Response");
  }
  for (const char* name : {"RequestHeader", "ResponseHeader", "ConsumerProtocolSubscription",
                           "ConsumerProtocolAssignment"}) {
    versions_of(name);
  }
  return count;
}

TEST(WireCodec, EveryVersionOfEveryMessageGoesThereAndBack) {
  const int versions = for_every_version([](const MessageSchema& schema, std::int16_t version) {
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
      const Value message = RandomMessage(seed).of(schema, version);
      const auto bytes = encode_message(schema, version, message);
      ASSERT_TRUE(bytes) << bytes.error().message();
      const auto decoded = decode_message(schema, version, *bytes);
      ASSERT_TRUE(decoded) << decoded.error().message();
      EXPECT_EQ(*decoded, message);
    }
  });
  EXPECT_EQ(versions, 715);
}

TEST(WireCodec, AMessageWithoutAFieldHasItsDefaults) {
  for_every_version([](const MessageSchema& schema, std::int16_t version) {
    const auto bytes = encode_message(schema, version, Value::structure());
    ASSERT_TRUE(bytes) << bytes.error().message();
    const auto decoded = decode_message(schema, version, *bytes);
    ASSERT_TRUE(decoded) << decoded.error().message();
    for (const FieldSchema& field : schema.fields) {
      EXPECT_EQ((*decoded)[field.name], field.default_value) << field.name;
    }
    EXPECT_EQ(encode_message(schema, version, *decoded).value(), *bytes);
  });
}

TEST(WireCodec, EveryMessageGoesThroughJsonUnchanged) {
  for_every_version([](const MessageSchema& schema, std::int16_t version) {
    const Value message = RandomMessage(11).of(schema, version);
    const auto json = to_json(schema, version, message);
    const auto read = from_json(schema, nlohmann::ordered_json::parse(json.dump()));
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(encode_message(schema, version, *read).value(),
              encode_message(schema, version, message).value());
  });
}

TEST(WireCodec, EveryTruncationOfEveryMessageIsAnError) {
  for_every_version([](const MessageSchema& schema, std::int16_t version) {
    const auto bytes = encode_message(schema, version, RandomMessage(3).of(schema, version));
    ASSERT_TRUE(bytes);
    for (std::size_t size = 0; size < bytes->size(); size += 1 + bytes->size() / 40) {
      EXPECT_FALSE(decode_message(schema, version, std::string_view(*bytes).substr(0, size)));
    }
  });
}

}  // namespace
}  // namespace ks::wire
