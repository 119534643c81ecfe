#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lib/cli/error.h"

namespace ks::cli {

// A value in a file, and for errors the key that leads to it and where that stands.
struct YamlField {
  std::string key;
  YAML::Mark mark;
  YAML::Node value;
};

// Stores a part that was read, or passes its error on.
template <typename T>
Result<void> assign(T& out, Result<T> value) {
  if (!value) return tl::make_unexpected(value.error());
  out = std::move(*value);
  return {};
}

// What every file that people write has in common. An error names the file, the line and the key.
class YamlReader {
 public:
  // `file` is for errors, and must outlive the reader.
  explicit YamlReader(const std::string& file) : file_(file) {}

  // Hands the whole file over; what is no YAML is an error like the others.
  Result<void> parse(const std::string& text,
                     const std::function<Result<void>(const YAML::Node&)>& read) const;

  tl::unexpected<Error> error(const YAML::Mark& mark, const std::string& what,
                              const std::string& action = {}) const;
  tl::unexpected<Error> error(const YamlField& field, const std::string& what,
                              const std::string& action = {}) const;

  // The keys of a mapping, each once. Their names begin with the parent's, if it has one.
  Result<std::vector<YamlField>> fields(const YamlField& parent) const;
  // The items of a list, with the list's key.
  Result<std::vector<YamlField>> items(const YamlField& list) const;
  Result<std::string> text(const YamlField& field) const;
  Result<std::vector<std::string>> texts(const YamlField& list) const;

 private:
  const std::string& file_;
};

}  // namespace ks::cli
