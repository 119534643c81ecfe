#pragma once

#include <string>
#include <string_view>

namespace ks::report {

// A whole page around `content`, which is markup. Nothing is fetched, and of scripts only `script`
// can run, whatever text the content holds. `skip_to` is the id that the first link leads to.
std::string html_page(std::string_view title, std::string_view skip_to, std::string_view content,
                      std::string_view script = "");

// Markup with `prefix` before each id, and before what refers to one within it: so that two of a
// kind can stand in one page. Texts, which are escaped, stay what they are.
std::string with_id_prefix(std::string_view markup, std::string_view prefix);

}  // namespace ks::report
