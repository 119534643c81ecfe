#include "lib/report/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace ks::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Decoded {
  char32_t point = 0;
  std::size_t length = 0;  // 0: not valid UTF-8
};

// The longest form that a first byte announces, and the least code point it may hold: shorter ones
// are overlong.
struct Form {
  unsigned char mask;
  unsigned char mark;
  std::size_t length;
  char32_t least;
};
constexpr std::array kForms{Form{0x80, 0x00, 1, 0}, Form{0xE0, 0xC0, 2, 0x80},
                            Form{0xF0, 0xE0, 3, 0x800}, Form{0xF8, 0xF0, 4, 0x10000}};

Decoded decode(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  for (const Form& form : kForms) {
    if ((first & form.mask) != form.mark) continue;
    if (text.size() < form.length) return {};
    auto point = static_cast<char32_t>(first & ~form.mask);
    for (std::size_t i = 1; i < form.length; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xC0) != 0x80) return {};
      point = (point << 6) | (byte & 0x3Fu);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < form.least || point > 0x10FFFF || surrogate) return {};
    return {point, form.length};
  }
  return {};
}

bool reorders_line(char32_t point) {
  return point == 0x200E || point == 0x200F || point == 0x061C ||
         (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

bool is_hidden(char32_t point) {
  const bool c1_control = point >= 0x7F && point <= 0x9F;
  const bool line_break = point == 0x2028 || point == 0x2029;
  const bool noncharacter = (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
  return c1_control || line_break || noncharacter || reorders_line(point);
}

void append_control_picture(char32_t control, std::string& out) {
  out += "\xE2\x90";  // U+2400 and up
  out += static_cast<char>(0x80 + control);
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = decode(text);
    const std::size_t length = decoded.length == 0 ? 1 : decoded.length;
    const char32_t point = decoded.point;
    if (decoded.length == 0 || is_hidden(point)) {
      out += kReplacement;
    } else if (point < 0x20 && point != '\n' && point != '\t') {
      append_control_picture(point, out);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string one_line(std::string_view text) {
  std::string out = clean(text);
  for (char& c : out) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
  if (text.size() <= most) return std::string(text);
  std::size_t end = most - std::min(most, kEllipsis.size());
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)).append(kEllipsis);
}

std::string escape_markup(std::string_view text) {
  std::string out;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]<>#|~!&$";
  const std::string line = one_line(text);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool in_word =
        i > 0 && i + 1 < line.size() && is_word(line[i - 1]) && is_word(line[i + 1]);
    const bool plain = kSpecial.find(line[i]) == std::string_view::npos;
    if (!plain && !(line[i] == '_' && in_word)) out += '\\';
    out += line[i];
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string out;
  for (const char c : one_line(text)) {
    if (c == '|') out += '\\';  // a table splits at it even inside a code span
    out += c == '`' ? '\'' : c;
  }
  return "`" + (out.empty() ? " " : out) + "`";
}

std::string relative_link(std::string_view path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/";
  std::string out = path.starts_with("../") ? "" : "./";
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      char encoded[8];
      std::snprintf(encoded, sizeof encoded, "%%%02X", static_cast<unsigned char>(c));
      out += encoded;
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

std::string sentence_case(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

std::string format_number(double value) {
  char digits[64];
  if (!std::isfinite(value)) return "not a number";
  if (std::fabs(value) >= 1e15 || (value != 0 && std::fabs(value) < 1e-3)) {
    std::snprintf(digits, sizeof digits, "%.6g", value);
    return digits;
  }
  std::snprintf(digits, sizeof digits, "%.3f", value);
  std::string out = digits;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  const std::size_t first = out.front() == '-' ? 1 : 0;
  for (std::size_t at = std::min(out.find('.'), out.size()); at > first + 3; at -= 3) {
    out.insert(at - 3, ",");
  }
  return out;
}

}  // namespace ks::report
