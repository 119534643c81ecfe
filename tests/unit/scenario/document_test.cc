#include "lib/scenario/document.h"

#include <gtest/gtest.h>

namespace ks::scenario {
namespace {

std::string error_of(const cli::Result<Document>& document) {
  return document ? "none" : document.error().message();
}

TEST(Document, KnowsTheLineOfEachValueOfAYamlFile) {
  const auto document = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n", "f.yaml");
  ASSERT_TRUE(document) << error_of(document);
  EXPECT_EQ(document->line_of("/a"), 1);
  EXPECT_EQ(document->line_of("/b"), 2);
  EXPECT_EQ(document->line_of("/b/0"), 3);
  EXPECT_EQ(document->line_of("/b/1/c"), 4);
  EXPECT_EQ(document->line_of("/b/1/d"), 5);
  EXPECT_EQ(document->line_of("/b/1/d/not/there"), 5);
}

TEST(Document, KnowsTheLineOfEachValueOfAJsonFile) {
  const auto document =
      parse_json("{\n \"a\": 1,\n \"b\": [\n  7\n  ,\"x\",\n  {\"c\":\n null}\n ]\n}\n", "f.json");
  ASSERT_TRUE(document) << error_of(document);
  EXPECT_EQ(document->line_of("/a"), 2);
  EXPECT_EQ(document->line_of("/b"), 3);
  EXPECT_EQ(document->line_of("/b/0"), 4);
  EXPECT_EQ(document->line_of("/b/1"), 5);
  EXPECT_EQ(document->line_of("/b/2/c"), 6);
  EXPECT_EQ(document->data.at("b").at(1), "x");
}

TEST(Document, BothFormatsMeanTheSame) {
  const auto yaml = parse_yaml(
      "n: 5\nf: 1.5\nneg: -10\nb: true\nno: yes\nq: \"5\"\nnil: ~\nl: [a, 'b']\n", "f.yaml");
  const auto json = parse_json(
      R"({"n": 5, "f": 1.5, "neg": -10, "b": true, "no": "yes", "q": "5", "nil": null,
          "l": ["a", "b"]})",
      "f.json");
  ASSERT_TRUE(yaml && json);
  EXPECT_EQ(yaml->data, json->data);
}

TEST(Document, RefusesAKeyThatIsThereTwice) {
  EXPECT_EQ(error_of(parse_yaml("a: 1\nb: 2\na: 3\n", "f.yaml")), "f.yaml:3: key 'a' twice");
  EXPECT_EQ(error_of(parse_json("{\"a\": 1,\n\"a\": 2}", "f.json")), "f.json:2: key 'a' twice");
}

TEST(Document, SaysWhereItIsNoYamlOrJson) {
  EXPECT_EQ(error_of(parse_yaml("a: [1,\nb: 2", "f.yaml")).substr(0, 8), "f.yaml:2");
  const std::string error = error_of(parse_json("{\n\"a\": 1,\n}", "f.json"));
  EXPECT_EQ(error.substr(0, 18), "f.json:3: not JSON") << error;
  EXPECT_NE(error_of(parse_json("{\"a\": 1} x", "f.json")), "none");
  EXPECT_NE(error_of(parse_json("", "f.json")), "none");
}

TEST(Document, SaysWhatAnUnquotedPlaceholderNeeds) {
  const std::string error = error_of(parse_yaml("a: {b: {{uuid}}}\n", "f.yaml"));
  EXPECT_NE(error.find("put a placeholder in quotes"), std::string::npos) << error;
}

TEST(Document, IsNoBiggerThanItsFile) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'j'; ++c) {
    const char before = static_cast<char>(c - 1);
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string(i == 0 ? "*" : ", *") + before;
    bomb += "]\n";
  }
  EXPECT_NE(error_of(parse_yaml(bomb, "f.yaml")).find("more than 100,000 values"),
            std::string::npos);
  EXPECT_NE(error_of(parse_json(std::string(200'000, '['), "f.json")).find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(error_of(parse_yaml(std::string(200'000, '['), "f.yaml")), "none");
  EXPECT_NE(error_of(parse_document(std::string(5U << 20, ' '), "f")), "none");
}

TEST(Document, JsonIsToldByNameElseByItsFirstLetter) {
  EXPECT_TRUE(parse_document("{\"a\": 1}", "f"));
  EXPECT_TRUE(parse_document("a: 1", "f"));
  EXPECT_TRUE(parse_document("{a: 1}", "f.yaml"));
  EXPECT_FALSE(parse_document("{a: 1}", "f.json"));
}

TEST(Document, NamesFieldsAsPeopleDo) {
  EXPECT_EQ(field_of("/scenarios/producer/rate"), "scenarios.producer.rate");
  EXPECT_EQ(field_of("/checks/0/type"), "checks[0].type");
  EXPECT_EQ(field_of(below("", "a/b~c")), "a/b~c");
  EXPECT_EQ(field_of(""), "");
}

}  // namespace
}  // namespace ks::scenario
