#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::scenario {

using Json = nlohmann::ordered_json;

// A YAML or JSON file as data, with the line of each value.
struct Document {
  std::string file;  // as errors name it
  Json data;
  std::map<std::string, int> lines;  // by JSON pointer; those of keys where a value has one

  // The line of a value, or of the nearest one around it that has one.
  int line_of(const std::string& pointer) const;
};

// What is wrong with a file: one line for people, `file:line: field: what; action`.
struct Complaint {
  int line = 0;
  std::string field;  // scenarios.producer.rate; empty: the file itself
  std::string what;
  std::string action;

  cli::Error error(const std::string& file) const;
};
using Complaints = std::vector<Complaint>;

// "/scenarios/producer/rate" as people write it: scenarios.producer.rate, checks[0].type.
std::string field_of(const std::string& pointer);

// `pointer` with one step more; the key is escaped as RFC 6901 wants it.
std::string below(const std::string& pointer, const std::string& key);
std::string below(const std::string& pointer, std::size_t index);

// Reads a file: JSON where its name says so or it begins with a brace, else YAML. Errors name file
// and line: what is no YAML or JSON, a key twice, a file beyond 4 MiB, 100,000 values or 100
// levels.
cli::Result<Document> read_document(const std::filesystem::path& path);
cli::Result<Document> parse_document(const std::string& text, const std::string& file);

// The parts of the above.
cli::Result<Document> parse_yaml(const std::string& text, const std::string& file);
cli::Result<Document> parse_json(const std::string& text, const std::string& file);

inline constexpr std::size_t kMostValues = 100'000;
inline constexpr std::size_t kDeepest = 100;  // of lists and mappings in each other

}  // namespace ks::scenario
