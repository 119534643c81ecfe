#include "lib/scenario/document.h"

#include "lib/cli/file.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 4U << 20;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    out += escape ? (token[i + 1] == '0' ? '~' : '/') : token[i];
    i += escape ? 1 : 0;
  }
  return out;
}

bool looks_like_json(const std::string& text, const std::string& file) {
  if (fs::path(file).extension() == ".json") return true;
  if (fs::path(file).extension() == ".yaml" || fs::path(file).extension() == ".yml") return false;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{';
}

}  // namespace

int Document::line_of(const std::string& pointer) const {
  for (std::string at = pointer;; at.resize(at.rfind('/'))) {
    if (const auto found = lines.find(at); found != lines.end()) return found->second;
    if (at.empty()) return 1;
  }
}

cli::Error Complaint::error(const std::string& file) const {
  std::string text = file + ":" + std::to_string(line) + ": ";
  if (!field.empty()) text += field + ": ";
  return {text + what, {}, action};
}

std::string field_of(const std::string& pointer) {
  std::string out;
  for (std::size_t begin = 1; begin <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
    const std::string token = unescaped(std::string_view(pointer).substr(begin, end - begin));
    if (is_number(token)) {
      out += "[" + token + "]";
    } else {
      out += (out.empty() ? "" : ".") + token;
    }
    begin = end + 1;
  }
  return out;
}

std::string below(const std::string& pointer, const std::string& key) {
  std::string out = pointer + "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string below(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

cli::Result<Document> parse_document(const std::string& text, const std::string& file) {
  if (text.size() > kMostBytes) return cli::fail("file too large", file, "give at most 4 MiB");
  return looks_like_json(text, file) ? parse_json(text, file) : parse_yaml(text, file);
}

cli::Result<Document> read_document(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    return cli::fail("a folder and no file", path.string(), "name a file in it");
  }
  if (const auto size = fs::file_size(path, ignored); !ignored && size > kMostBytes) {
    return cli::fail("file too large", path.string(), "give at most 4 MiB");
  }
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  return parse_document(*text, path.string());
}

}  // namespace ks::scenario
