#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ks::admin {

using Json = nlohmann::ordered_json;

// What a command found, one row a thing. Cells keep their type, so that JSON has numbers and lists.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Json>> rows;  // each as long as columns
};

// One line a row, tab separated, the header first. Lists are joined by commas, an absent value is
// "-", and control characters are escaped: a row stays one line whatever names a broker sends.
std::vector<std::string> text_lines(const Table& table);

// One JSON object a row.
std::vector<std::string> json_lines(const Table& table);

// All rows as a list of objects.
Json to_json(const Table& table);

}  // namespace ks::admin
