#include <charconv>
#include <cmath>

#include "lib/cli/yaml.h"
#include "lib/scenario/document.h"

namespace ks::scenario {
namespace {

using cli::Result;
using cli::YamlField;

// A plain scalar is what YAML 1.2's core schema says, so that YAML and JSON files mean the same:
// `yes` is a text.
Json plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null") return nullptr;
  if (text == "true" || text == "false") return text == "true";
  const char* const begin = text.data() + (text[0] == '+' ? 1 : 0);
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto [at, code] = std::from_chars(begin, end, whole); code == std::errc{} && at == end)
    return whole;
  double number = 0;
  const auto [at, code] = std::from_chars(begin, end, number);
  const bool is_number = code == std::errc{} && at == end && std::isfinite(number);
  return is_number ? Json(number) : Json(text);
}

class Converter {
 public:
  Converter(const cli::YamlReader& reader, Document& out) : reader_(reader), out_(out) {}

  Result<Json> convert(const YAML::Node& node, const std::string& pointer) {
    out_.lines.try_emplace(pointer, node.Mark().is_null() ? 1 : node.Mark().line + 1);
    if (++values_ > kMostValues) {
      return reader_.error(node.Mark(), "more than 100,000 values", "use no aliases of aliases");
    }
    if (node.IsMap() || node.IsSequence()) {
      // An alias may be of what it is in.
      if (depth_ >= kDeepest) return reader_.error(node.Mark(), "nested too deeply");
      ++depth_;
      auto out = node.IsMap() ? convert_map(node, pointer) : convert_list(node, pointer);
      --depth_;
      return out;
    }
    if (!node.IsScalar()) return Json();
    // A quoted scalar has the tag "!", a plain one "?".
    return node.Tag() == "!" ? Json(node.Scalar()) : plain_scalar(node.Scalar());
  }

 private:
  Result<Json> convert_map(const YAML::Node& node, const std::string& pointer) {
    for (const auto& entry : node) {
      if (entry.first.IsScalar()) continue;
      return reader_.error(entry.first.Mark(), "a key that is not a word",
                           "put a placeholder in quotes: \"{{uuid}}\"");
    }
    const auto fields = reader_.fields({"", node.Mark(), node});
    if (!fields) return tl::make_unexpected(fields.error());
    Json out = Json::object();
    for (const YamlField& field : *fields) {
      const std::string inner = below(pointer, field.key);
      out_.lines[inner] = field.mark.line + 1;
      auto value = convert(field.value, inner);
      if (!value) return value;
      out[field.key] = std::move(*value);
    }
    return out;
  }

  Result<Json> convert_list(const YAML::Node& node, const std::string& pointer) {
    Json out = Json::array();
    for (std::size_t i = 0; i < node.size(); ++i) {
      auto value = convert(node[i], below(pointer, i));
      if (!value) return value;
      out.push_back(std::move(*value));
    }
    return out;
  }

  const cli::YamlReader& reader_;
  Document& out_;
  std::size_t values_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

Result<Document> parse_yaml(const std::string& text, const std::string& file) {
  Document out;
  out.file = file;
  const cli::YamlReader reader(file);
  const auto read = reader.parse(text, [&](const YAML::Node& root) -> Result<void> {
    Converter converter(reader, out);
    auto data = converter.convert(root, "");
    if (!data) return tl::make_unexpected(data.error());
    out.data = std::move(*data);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return out;
}

}  // namespace ks::scenario
