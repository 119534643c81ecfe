#include "lib/wire/value.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace ks::wire {
namespace {

TEST(WireValue, BracesMakeAStructAndArrayAnArray) {
  const Value request = {{"topics", Value::array({{{"name", "orders"}}, {{"name", "bills"}}})},
                         {"timeout_ms", 500},
                         {"validate_only", false},
                         {"quota", 1.5},
                         {"error_message", nullptr}};
  EXPECT_EQ(request["topics"].items().size(), 2U);
  EXPECT_EQ(request["topics"][0]["name"].as_string(), "orders");
  EXPECT_EQ(request["topics"][1]["name"].as_string(), "bills");
  EXPECT_EQ(request["timeout_ms"].as_int(), 500);
  EXPECT_FALSE(request["validate_only"].as_bool());
  EXPECT_EQ(request["quota"].as_double(), 1.5);
  EXPECT_TRUE(request["error_message"].is_null());
}

TEST(WireValue, NullReadsAsAnEmptyStringAsNoBytesAndAsNoElement) {
  const Value null;
  EXPECT_EQ(null.as_string(), "");
  EXPECT_EQ(null.as_bytes(), "");
  EXPECT_TRUE(null.items().empty());
  EXPECT_NE(null, Value(""));
}

TEST(WireValue, ReadingWhatIsNotThereThrows) {
  const Value value = {{"topics", Value::array({1})}, {"name", "x"}};
  EXPECT_THROW((void)value["topic"], std::logic_error);
  EXPECT_THROW((void)value["topics"][1], std::logic_error);
  EXPECT_THROW((void)value["name"]["x"], std::logic_error);
  EXPECT_THROW((void)value["name"].as_int(), std::logic_error);
  EXPECT_THROW((void)value["name"].as_bytes(), std::logic_error);
  EXPECT_THROW((void)value.items(), std::logic_error);
  EXPECT_THROW((void)Value().as_int(), std::logic_error);
  try {
    (void)value["topic"];
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "asked for field 'topic' of a struct");
  }
}

TEST(WireValue, BytesAreAViewUnlessOwned) {
  const std::string frame = "records";
  EXPECT_EQ(Value::bytes(frame).as_bytes().data(), frame.data());

  Value owned = Value::owned_bytes("0123456789012345678901234567890123456789");
  const Value copy = owned;
  owned = nullptr;
  EXPECT_EQ(copy.as_bytes(), "0123456789012345678901234567890123456789");
  EXPECT_EQ(Value::bytes("a"), Value::owned_bytes("a"));
  EXPECT_NE(Value::bytes("a"), Value("a"));
}

TEST(WireValue, SetReplacesOrAppends) {
  Value value;
  value.set("a", 1);
  value.set("b", 2);
  value.set("a", 3);
  EXPECT_EQ(value, (Value{{"a", 3}, {"b", 2}}));
  EXPECT_EQ(value.find("c"), nullptr);
  Value number = 1;
  EXPECT_THROW(number.set("a", 1), std::logic_error);
}

TEST(WireValue, MovedFromAndAssignedValuesStayUsable) {
  Value a = Value::array({1, 2});
  Value b = std::move(a);
  a = b;
  EXPECT_EQ(a, b);
  EXPECT_EQ(b.items().size(), 2U);
}

}  // namespace
}  // namespace ks::wire
