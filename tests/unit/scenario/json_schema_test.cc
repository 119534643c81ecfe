#include "lib/scenario/json_schema.h"

#include <gtest/gtest.h>

namespace ks::scenario {
namespace {

constexpr const char* kSchema = R"({
  "type": "object",
  "additionalProperties": false,
  "required": ["name"],
  "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 5},
    "color": {"enum": ["red", "green"]},
    "size": {"type": ["integer", "string"], "minimum": 2, "maximum": 9, "pattern": "^[0-9]+k$",
             "description": "a size like 5 or 5k"},
    "list": {"type": "array", "minItems": 1, "items": {"type": "boolean"}},
    "map": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[a-z]+$"},
            "additionalProperties": {"$ref": "#/definitions/number"}},
    "shape": {"oneOf": [{"$ref": "#/definitions/circle"}, {"$ref": "#/definitions/square"}]}
  },
  "definitions": {
    "number": {"type": "number"},
    "circle": {"type": "object", "required": ["type", "r"], "additionalProperties": false,
               "properties": {"type": {"const": "circle"}, "r": {"type": "integer"}}},
    "square": {"type": "object", "required": ["type"], "additionalProperties": false,
               "properties": {"type": {"enum": ["square", "box"]}, "a": {"type": "integer"}}}
  }
})";

// Each complaint as "line field: what; action".
std::vector<std::string> complaints(const std::string& yaml) {
  const auto schema = JsonSchema::parse(kSchema, "schema");
  const auto document = parse_yaml(yaml, "f");
  std::vector<std::string> out;
  for (const Complaint& c : schema->validate(*document)) {
    out.push_back(std::to_string(c.line) + " " + c.field + ": " + c.what +
                  (c.action.empty() ? "" : "; " + c.action));
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(JsonSchema, SaysNothingOfWhatFits) {
  EXPECT_EQ(complaints("name: abc\ncolor: red\nsize: 5\nlist: [true]\nmap: {x: 1.5}\n"
                       "shape: {type: circle, r: 3}\n"),
            Texts());
  EXPECT_EQ(complaints("name: abc\nsize: 7k\nshape: {type: box}\n"), Texts());
  EXPECT_EQ(complaints("name: abc\nsize: 5.0\n"), Texts());
}

TEST(JsonSchema, NamesEverythingThatDoesNotFit) {
  EXPECT_EQ(complaints("name: abc\nsize: 1\ncolor: blue\n"),
            (Texts{"2 size: below 2; a size like 5 or 5k",
                   "3 color: unknown 'blue'; choose red, green"}));
}

TEST(JsonSchema, KnowsEachKeyword) {
  EXPECT_EQ(complaints("{}"), (Texts{"1 : 'name' is missing"}));
  EXPECT_EQ(complaints("name: ''"), (Texts{"1 name: empty"}));
  EXPECT_EQ(complaints("name: abcdef"), (Texts{"1 name: longer than 5 characters"}));
  EXPECT_EQ(complaints("name: 5"), (Texts{"1 name: not a text"}));
  EXPECT_EQ(complaints("name: a\nsize: 10"), (Texts{"2 size: above 9; a size like 5 or 5k"}));
  EXPECT_EQ(complaints("name: a\nsize: 5.5"),
            (Texts{"2 size: not a whole number or a text; a size like 5 or 5k"}));
  EXPECT_EQ(complaints("name: a\nsize: 5m"),
            (Texts{"2 size: '5m' cannot be taken; a size like 5 or 5k"}));
  EXPECT_EQ(complaints("name: a\nlist: []"), (Texts{"2 list: an empty list"}));
  EXPECT_EQ(complaints("name: a\nlist:\n- true\n- 1"), (Texts{"4 list[1]: not true or false"}));
  EXPECT_EQ(complaints("name: a\nmap: {}"), (Texts{"2 map: empty"}));
  EXPECT_EQ(complaints("name: a\nmap: {X: 1}"), (Texts{"2 map.X: 'X' cannot be taken"}));
  EXPECT_EQ(complaints("name: a\nmap: {x: y}"), (Texts{"2 map.x: not a number"}));
  EXPECT_EQ(complaints("[]"), (Texts{"1 : not a mapping of keys"}));
}

TEST(JsonSchema, SuggestsTheKeyAndTheWordThatWereMeant) {
  EXPECT_EQ(complaints("name: a\ncolour: red"),
            (Texts{"2 : unknown key 'colour'; did you mean 'color'?"}));
  EXPECT_EQ(complaints("name: a\nzzz: red"), (Texts{"2 : unknown key 'zzz'"}));
  EXPECT_EQ(complaints("name: a\ncolor: gren"),
            (Texts{"2 color: unknown 'gren'; did you mean 'green'? choose red, green"}));
}

TEST(JsonSchema, OfSeveralBranchesMeansTheOneOfTheType) {
  EXPECT_EQ(complaints("name: a\nshape:\n  type: circle"), (Texts{"2 shape: 'r' is missing"}));
  EXPECT_EQ(
      complaints("name: a\nshape:\n  type: cirle"),
      (Texts{"3 shape.type: unknown 'cirle'; did you mean 'circle'? choose circle, square, box"}));
  EXPECT_EQ(complaints("name: a\nshape: {r: 1}"),
            (Texts{"2 shape: 'type' is missing; choose circle, square, box"}));
  EXPECT_EQ(complaints("name: a\nshape: 1"), (Texts{"2 shape: not a mapping of keys"}));
}

TEST(JsonSchema, KeepsFromRegularExpressionsWhatTheyCannotBear) {
  EXPECT_EQ(complaints("name: a\nsize: " + std::string(500'000, '1')),
            (Texts{"2 size: longer than 1000 characters"}));
}

TEST(JsonSchema, RefusesASchemaWithAKeywordThatItWouldPassOver) {
  EXPECT_FALSE(JsonSchema::parse(R"({"properties": {"a": {"multipleOf": 2}}})", "s"));
  EXPECT_FALSE(JsonSchema::parse("{", "s"));
}

}  // namespace
}  // namespace ks::scenario
