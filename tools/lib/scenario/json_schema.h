#pragma once

#include <filesystem>

#include "lib/scenario/document.h"

namespace ks::scenario {

// A JSON Schema (draft 7), as far as our own schemas need it: type, enum, const, properties,
// required, additionalProperties, propertyNames, minProperties, items, minItems, minimum, maximum,
// pattern, minLength, maxLength, oneOf and $ref to its own definitions. A complaint names line and
// field, and what a value should be in the words of the schema's `description`; of a oneOf, the
// branch is meant whose `type` the value has.
class JsonSchema {
 public:
  // Errors: a file that cannot be read, or a keyword that is not known here, which would be passed
  // over in silence otherwise.
  static cli::Result<JsonSchema> read(const std::filesystem::path& path);
  static cli::Result<JsonSchema> parse(const std::string& text, const std::string& file);

  // Everything that is wrong, in the order of the document's lines.
  Complaints validate(const Document& document) const;

 private:
  explicit JsonSchema(Json root) : root_(std::move(root)) {}

  Json root_;
};

// The word of `known` that was probably meant; empty where none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace ks::scenario
