#include "lib/workload/value_template.h"

#include <gtest/gtest.h>

namespace ks::workload {
namespace {

const history::Identity kIdentity{history::run_hash("R"), 3, 7, 1'700'000'000'123'000'000};

std::string filled(const std::string& text) {
  const auto value = ValueTemplate::parse(text, "R");
  EXPECT_TRUE(value);
  std::string out = "what was there before";
  value->fill(kIdentity, out);
  return out;
}

TEST(ValueTemplate, FillsEachPlaceholderAndKeepsTheRest) {
  const std::string uuid = history::uuid(kIdentity);
  EXPECT_EQ(filled("{{uuid}}"), uuid);
  EXPECT_EQ(filled(R"({"a":"x-{{uuid}}-{{seq}}","b":{"c":"{{now}}"},"r":"{{run_id}}"})"),
            R"({"a":"x-)" + uuid + R"(-7","b":{"c":"2023-11-14T22:13:20.123Z"},"r":"R"})");
  EXPECT_EQ(filled("{{ seq }}{{seq}}"), "77");
  EXPECT_EQ(filled("none"), "none");
  EXPECT_EQ(filled(""), "");
  EXPECT_EQ(filled("}} {"), "}} {");
}

TEST(ValueTemplate, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(ValueTemplate::parse("a {{uid}} b", "R").error().what, "unknown placeholder '{{uid}}'");
  EXPECT_FALSE(ValueTemplate::parse("a {{uuid", "R"));
  EXPECT_FALSE(ValueTemplate::parse("{{}}", "R"));
}

TEST(ValueTemplate, KnowsWhetherItHasAUuid) {
  EXPECT_TRUE(ValueTemplate::parse("a {{uuid}}", "R")->has_uuid());
  EXPECT_FALSE(ValueTemplate::parse("{{seq}} uuid", "R")->has_uuid());
}

}  // namespace
}  // namespace ks::workload
