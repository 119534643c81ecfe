#include "lib/admin/table.h"

#include <cstdio>

namespace ks::admin {
namespace {

std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '\\') {
      out += c;
      continue;
    }
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned char>(c));
    out += c == '\\' ? "\\\\" : code;
  }
  return out;
}

std::string cell_text(const Json& cell) {
  if (cell.is_null()) return "-";
  if (cell.is_boolean()) return cell.get<bool>() ? "yes" : "no";
  if (cell.is_string()) return cell.get_ref<const std::string&>();
  if (!cell.is_array()) return cell.dump();
  std::string list;
  for (const Json& item : cell) list += (list.empty() ? "" : ",") + cell_text(item);
  return list.empty() ? "-" : list;
}

Json row_object(const Table& table, const std::vector<Json>& row) {
  Json object = Json::object();
  for (std::size_t i = 0; i < table.columns.size(); ++i) object[table.columns[i]] = row.at(i);
  return object;
}

}  // namespace

std::vector<std::string> text_lines(const Table& table) {
  std::string header;
  for (const std::string& column : table.columns) header += (header.empty() ? "" : "\t") + column;
  std::vector<std::string> lines{header};
  for (const std::vector<Json>& row : table.rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += (i == 0 ? "" : "\t") + escape(cell_text(row[i]));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> json_lines(const Table& table) {
  std::vector<std::string> lines;
  for (const std::vector<Json>& row : table.rows) {
    // Group and member names are bytes; JSON must be UTF-8.
    lines.push_back(row_object(table, row).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return lines;
}

Json to_json(const Table& table) {
  Json list = Json::array();
  for (const std::vector<Json>& row : table.rows) list.push_back(row_object(table, row));
  return list;
}

}  // namespace ks::admin
