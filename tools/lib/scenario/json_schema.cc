#include "lib/scenario/json_schema.h"

#include <algorithm>
#include <array>
#include <regex>

#include "lib/cli/file.h"

namespace ks::scenario {
namespace {

using cli::Result;

// What tells people something, and what decides. `definitions` is looked into by $ref.
constexpr std::array kKeywords{
    "$schema",  "$id",       "$comment",      "title",   "description",
    "default",  "examples",  "definitions",   "type",    "enum",
    "const",    "required",  "properties",    "items",   "additionalProperties",
    "minItems", "minimum",   "minProperties", "maximum", "propertyNames",
    "pattern",  "minLength", "maxLength",     "oneOf",   "$ref",
};
constexpr const char* kDefinitions = "#/definitions/";

Result<void> check_keywords(const Json& schema, const std::string& file);

Result<void> check_each(const Json& schemas, const std::string& file) {
  for (const Json& schema : schemas) {
    if (auto ok = check_keywords(schema, file); !ok) return ok;
  }
  return {};
}

Result<void> check_keywords(const Json& schema, const std::string& file) {
  if (schema.is_boolean()) return {};
  if (!schema.is_object()) return cli::fail("not a schema: " + schema.dump(), file);
  for (const auto& [keyword, value] : schema.items()) {
    if (std::ranges::find(kKeywords, keyword) == kKeywords.end()) {
      return cli::fail("unknown keyword '" + keyword + "'", file);
    }
    Result<void> inner;
    if (keyword == "definitions" || keyword == "properties" || keyword == "oneOf") {
      inner = check_each(value, file);
    } else if (keyword == "items" || keyword == "additionalProperties" ||
               keyword == "propertyNames") {
      inner = check_keywords(value, file);
    }
    if (!inner) return inner;
  }
  return {};
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  const bool is_whole =
      value.is_number_float() &&
      value.get<double>() == static_cast<double>(static_cast<std::int64_t>(value));
  return type == "integer" && (value.is_number_integer() || is_whole);
}

std::string type_words(const std::string& type) {
  if (type == "object") return "a mapping of keys";
  if (type == "array") return "a list";
  if (type == "string") return "a text";
  if (type == "boolean") return "true or false";
  if (type == "integer") return "a whole number";
  return type == "number" ? "a number" : type;
}

std::string shown(const Json& value) {
  constexpr std::size_t kLongest = 60;
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return "'" + (text.size() > kLongest ? text.substr(0, kLongest) + "…" : text) + "'";
}

// What follows a list of words that were possible.
std::string choose(const Json& words, const Json& value) {
  std::vector<std::string> known;
  std::string list;
  for (const Json& word : words) {
    known.push_back(word.is_string() ? word.get<std::string>() : word.dump());
    list += (list.empty() ? "" : ", ") + known.back();
  }
  const std::string meant = value.is_string() ? nearest(value, known) : "";
  return (meant.empty() ? "" : "did you mean '" + meant + "'? ") + "choose " + list;
}

class Validation {
 public:
  Validation(const Json& root, const Document& document) : root_(root), document_(document) {}

  Complaints take() {
    std::ranges::stable_sort(complaints_, {}, &Complaint::line);
    return std::move(complaints_);
  }

  void check(const Json& schema, const Json& value, const std::string& at) {
    if (const auto ref = schema.find("$ref"); ref != schema.end()) {
      return check(definition(*ref), value, at);
    }
    if (const auto branches = schema.find("oneOf"); branches != schema.end()) {
      return check_branch(*branches, value, at);
    }
    if (!check_type(schema, value, at) || !check_words(schema, value, at)) return;
    if (value.is_object()) check_object(schema, value, at);
    if (value.is_array()) check_list(schema, value, at);
    if (value.is_string()) check_text(schema, value, at);
    if (value.is_number()) check_number(schema, value.get<double>(), at);
  }

 private:
  void complain(const std::string& at, std::string what, std::string action = {}) {
    complaints_.push_back(
        {document_.line_of(at), field_of(at), std::move(what), std::move(action)});
  }

  static std::string advice(const Json& schema) { return schema.value("description", ""); }

  const Json& definition(const std::string& ref) const {
    return root_.at("definitions").at(ref.substr(std::string_view(kDefinitions).size()));
  }

  bool check_type(const Json& schema, const Json& value, const std::string& at) {
    const auto type = schema.find("type");
    if (type == schema.end()) return true;
    const Json types = type->is_array() ? *type : Json::array({*type});
    std::string words;
    for (const Json& each : types) {
      if (has_type(value, each)) return true;
      words += (words.empty() ? "" : " or ") + type_words(each);
    }
    complain(at, "not " + words, advice(schema));
    return false;
  }

  bool check_words(const Json& schema, const Json& value, const std::string& at) {
    if (const auto words = schema.find("enum"); words != schema.end()) {
      if (std::ranges::find(*words, value) != words->end()) return true;
      complain(at, "unknown " + shown(value), choose(*words, value));
      return false;
    }
    const auto word = schema.find("const");
    if (word == schema.end() || *word == value) return true;
    complain(at, "not " + shown(*word), advice(schema));
    return false;
  }

  void check_object(const Json& schema, const Json& value, const std::string& at) {
    static const Json kNone = Json::object();
    const auto found = schema.find("properties");
    const Json& properties = found == schema.end() ? kNone : *found;
    for (const Json& name : schema.value("required", Json::array())) {
      if (!value.contains(name.get<std::string>())) {
        const Json& missing = properties.value(name.get<std::string>(), kNone);
        complain(at, "'" + name.get<std::string>() + "' is missing", advice(missing));
      }
    }
    if (value.size() < schema.value("minProperties", std::size_t{0})) {
      complain(at, "empty", advice(schema));
    }
    for (const auto& [name, inner] : value.items()) {
      check_property(schema, properties, name, inner, at);
    }
  }

  void check_property(const Json& schema, const Json& properties, const std::string& name,
                      const Json& inner, const std::string& parent) {
    const std::string at = below(parent, name);
    if (const auto names = schema.find("propertyNames"); names != schema.end()) {
      check_text(*names, name, at);
    }
    if (properties.contains(name)) return check(properties.at(name), inner, at);
    const auto others = schema.find("additionalProperties");
    if (others == schema.end() || *others == true) return;
    if (others->is_object()) return check(*others, inner, at);
    std::vector<std::string> known;
    for (const auto& [each, ignored] : properties.items()) known.push_back(each);
    const std::string meant = nearest(name, known);
    complaints_.push_back({document_.line_of(at), field_of(parent), "unknown key '" + name + "'",
                           meant.empty() ? "" : "did you mean '" + meant + "'?"});
  }

  void check_list(const Json& schema, const Json& value, const std::string& at) {
    if (value.size() < schema.value("minItems", std::size_t{0})) {
      complain(at, "an empty list", advice(schema));
    }
    const auto items = schema.find("items");
    if (items == schema.end()) return;
    for (std::size_t i = 0; i < value.size(); ++i) check(*items, value[i], below(at, i));
  }

  void check_text(const Json& schema, const std::string& value, const std::string& at) {
    constexpr std::size_t kLongest = 1000;  // beyond, the library's regular expressions recurse far
    const auto pattern = schema.find("pattern");
    const std::size_t most =
        schema.value("maxLength", pattern == schema.end() ? std::string::npos : kLongest);
    if (value.size() < schema.value("minLength", std::size_t{0})) {
      complain(at, "empty", advice(schema));
    } else if (value.size() > most) {
      complain(at, "longer than " + std::to_string(most) + " characters");
    } else if (pattern != schema.end() &&
               !std::regex_search(value, std::regex(pattern->get<std::string>()))) {
      complain(at, shown(value) + " cannot be taken", advice(schema));
    }
  }

  void check_number(const Json& schema, double value, const std::string& at) {
    const auto minimum = schema.find("minimum");
    const auto maximum = schema.find("maximum");
    if (minimum != schema.end() && value < minimum->get<double>()) {
      complain(at, "below " + minimum->dump(), advice(schema));
    } else if (maximum != schema.end() && value > maximum->get<double>()) {
      complain(at, "above " + maximum->dump(), advice(schema));
    }
  }

  // The types that a branch is for: a const or an enum.
  Json types_of(const Json& branch) const {
    const Json& schema = branch.contains("$ref") ? definition(branch.at("$ref")) : branch;
    const Json& type = schema.at("properties").at("type");
    return type.contains("const") ? Json::array({type.at("const")}) : type.at("enum");
  }

  void check_branch(const Json& branches, const Json& value, const std::string& at) {
    if (!value.is_object()) return complain(at, "not a mapping of keys");
    if (!value.contains("type"))
      return complain(at, "'type' is missing", choose(all(branches), {}));
    const Json& type = value.at("type");
    for (const Json& branch : branches) {
      const Json types = types_of(branch);
      if (std::ranges::find(types, type) != types.end()) return check(branch, value, at);
    }
    complain(below(at, "type"), "unknown " + shown(type), choose(all(branches), type));
  }

  Json all(const Json& branches) const {
    Json out = Json::array();
    for (const Json& branch : branches) {
      for (const Json& type : types_of(branch)) out.push_back(type);
    }
    return out;
  }

  const Json& root_;
  const Document& document_;
  Complaints complaints_;
};

}  // namespace

Result<JsonSchema> JsonSchema::parse(const std::string& text, const std::string& file) {
  Json root = Json::parse(text, nullptr, false);
  if (root.is_discarded()) return cli::fail("not JSON", file);
  if (auto ok = check_keywords(root, file); !ok) return tl::make_unexpected(ok.error());
  return JsonSchema(std::move(root));
}

Result<JsonSchema> JsonSchema::read(const std::filesystem::path& path) {
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  return parse(*text, path.string());
}

Complaints JsonSchema::validate(const Document& document) const {
  Validation validation(root_, document);
  validation.check(root_, document.data, "");
  return validation.take();
}

}  // namespace ks::scenario
