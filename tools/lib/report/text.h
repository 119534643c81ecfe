#pragma once

#include <string>
#include <string_view>
#include <vector>

// Text from brokers, files and users may be any bytes. Each output takes it through one of these.
namespace ks::report {

// Valid UTF-8 that shows what it holds: control characters become their pictures (U+2400...), and
// invalid bytes, noncharacters and characters that reorder a line become U+FFFD. Line feeds and
// tabs stay.
std::string clean(std::string_view text);

// Clean text without line feeds and tabs.
std::string one_line(std::string_view text);

// As much of it as `most` bytes hold, whole characters, and "…" where that is not all.
std::string shortened(std::string_view text, std::size_t most);

// For HTML and XML, text and quoted attributes alike.
std::string escape_markup(std::string_view text);

// One line of plain Markdown text, safe inside a table cell.
std::string escape_markdown(std::string_view text);

// One line in a code span, safe inside a table cell.
std::string markdown_code(std::string_view text);

// A relative link to a file: percent-encoded, and never taken for a scheme or an absolute path.
std::string relative_link(std::string_view path);

// "a, b"
std::string joined(const std::vector<std::string>& items);

// With a capital first letter.
std::string sentence_case(std::string text);

// A number as people read it: 12,345.678; whole where it is whole.
std::string format_number(double value);

}  // namespace ks::report
