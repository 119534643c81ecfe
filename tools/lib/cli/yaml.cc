#include "lib/cli/yaml.h"

#include <set>

namespace ks::cli {
namespace {

// Without the space after its colon, a value is part of the key: {sasl.password:secret}.
std::string shown(const std::string& key) { return key.substr(0, key.find(':')); }

}  // namespace

Result<void> YamlReader::parse(const std::string& text,
                               const std::function<Result<void>(const YAML::Node&)>& read) const {
  try {
    return read(YAML::Load(text));
  } catch (const YAML::Exception& bad) {
    return error(bad.mark, bad.msg);
  }
}

tl::unexpected<Error> YamlReader::error(const YAML::Mark& mark, const std::string& what,
                                        const std::string& action) const {
  std::string line = file_;
  if (!mark.is_null()) line.append(":").append(std::to_string(mark.line + 1));
  return fail(line + ": " + what, {}, action);
}

tl::unexpected<Error> YamlReader::error(const YamlField& field, const std::string& what,
                                        const std::string& action) const {
  const std::string whose = field.key.empty() ? "" : "key '" + shown(field.key) + "': ";
  return error(field.mark, whose + what, action);
}

Result<std::vector<YamlField>> YamlReader::fields(const YamlField& parent) const {
  const std::string prefix = parent.key.empty() ? "" : parent.key + ".";
  if (!parent.value.IsMap()) {
    return error(parent, parent.key.empty() ? "not a mapping of keys" : "not a mapping");
  }
  std::vector<YamlField> out;
  std::set<std::string> seen;
  for (const auto& entry : parent.value) {
    if (!entry.first.IsScalar()) return error(entry.first.Mark(), "a key that is not a word");
    const std::string key = prefix + entry.first.Scalar();
    if (!seen.insert(key).second)
      return error(entry.first.Mark(), "key '" + shown(key) + "' twice");
    out.push_back({key, entry.first.Mark(), entry.second});
  }
  return out;
}

Result<std::vector<YamlField>> YamlReader::items(const YamlField& list) const {
  if (!list.value.IsSequence()) return error(list, "not a list");
  std::vector<YamlField> out;
  for (const YAML::Node& item : list.value) out.push_back({list.key, item.Mark(), item});
  return out;
}

Result<std::string> YamlReader::text(const YamlField& field) const {
  if (!field.value.IsScalar()) return error(field, "not a text");
  return field.value.Scalar();
}

Result<std::vector<std::string>> YamlReader::texts(const YamlField& list) const {
  const auto fields = items(list);
  if (!fields) return tl::make_unexpected(fields.error());
  std::vector<std::string> out;
  for (const YamlField& field : *fields) {
    auto word = text(field);
    if (!word) return tl::make_unexpected(word.error());
    out.push_back(std::move(*word));
  }
  return out;
}

}  // namespace ks::cli
