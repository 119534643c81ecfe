#include "lib/admin/table.h"

#include <gtest/gtest.h>

namespace ks::admin {
namespace {

using Lines = std::vector<std::string>;

TEST(Table, TextHasTheHeaderFirstAndTabsBetween) {
  const Table table{{"topic", "leader", "isr", "ok"},
                    {{"orders", 1, {1, 2}, true}, {"bills", nullptr, Json::array(), false}}};
  EXPECT_EQ(text_lines(table),
            (Lines{"topic\tleader\tisr\tok", "orders\t1\t1,2\tyes", "bills\t-\t-\tno"}));
}

TEST(Table, WithoutRowsTheHeaderStays) {
  const Table table{{"topic"}, {}};
  EXPECT_EQ(text_lines(table), Lines{"topic"});
  EXPECT_EQ(json_lines(table), Lines{});
  EXPECT_EQ(to_json(table), Json::array());
}

TEST(Table, JsonKeepsTypesAndOrder) {
  const Table table{{"topic", "leader", "isr"}, {{"orders", 1, {1, 2}}, {"bills", nullptr, {}}}};
  EXPECT_EQ(json_lines(table), (Lines{R"({"topic":"orders","leader":1,"isr":[1,2]})",
                                      R"({"topic":"bills","leader":null,"isr":null})"}));
}

TEST(Table, ANameWithControlCharactersStaysOnItsLine) {
  const Table table{{"group"}, {{"a\tb\nc\\d\x7f"}}};
  EXPECT_EQ(text_lines(table)[1], "a\\x09b\\x0ac\\\\d\\x7f");
}

TEST(Table, BytesThatAreNoUtf8StillMakeJson) {
  const Table table{{"group"}, {{"\xff\xfe"}}};
  ASSERT_EQ(json_lines(table).size(), 1U);
  EXPECT_TRUE(Json::accept(json_lines(table)[0]));
}

}  // namespace
}  // namespace ks::admin
