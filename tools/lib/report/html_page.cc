#include "lib/report/html_page.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "lib/report/html_template.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

// For a content security policy: 'sha256-...'.
std::string hash_source(std::string_view script) {
  constexpr int kDigestBytes = 32;
  std::array<unsigned char, kDigestBytes> digest{};
  EVP_Digest(script.data(), script.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::array<unsigned char, 45> text{};  // four characters for each three bytes, and a NUL
  const int length = EVP_EncodeBlock(text.data(), digest.data(), kDigestBytes);
  return "'sha256-" + std::string(text.begin(), text.begin() + length) + "'";
}

std::string policy(std::string_view script) {
  const std::string scripts = script.empty() ? "" : "; script-src " + hash_source(script);
  return "default-src 'none'; style-src 'unsafe-inline'" + scripts;
}

// What refers to an id, up to where the id begins. No text holds one: its quotes are escaped.
constexpr std::array<std::string_view, 4> kReferences{" id=\"", " href=\"#", " aria-labelledby=\"",
                                                      " aria-controls=\""};

}  // namespace

std::string html_page(std::string_view title, std::string_view skip_to, std::string_view content,
                      std::string_view script) {
  std::string out = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content=")html";
  out += policy(script);
  out += R"html(">
<meta name="color-scheme" content="light dark">
<title>)html";
  out += escape_markup(title);
  out += "</title>\n<style>\n";
  ((((out += kHtmlStyle) += kHtmlTimelineStyle) += kHtmlFiguresStyle) += kHtmlSuiteStyle);
  out += "</style>\n</head>\n<body>\n<a class=\"skip-link\" href=\"#";
  (((out += skip_to) += "\">Skip to the checks</a>\n\n") += content);
  if (!script.empty()) ((out += "<script>") += script) += "</script>\n";
  return out + "</body>\n</html>\n";
}

std::string with_id_prefix(std::string_view markup, std::string_view prefix) {
  std::string out;
  out.reserve(markup.size() + markup.size() / 16);
  while (!markup.empty()) {
    const auto* const found = std::ranges::find_if(
        kReferences, [&](std::string_view reference) { return markup.starts_with(reference); });
    const bool refers = found != kReferences.end();
    const std::size_t length =
        refers ? found->size() : std::min(markup.find(' ', 1), markup.size());
    out += markup.substr(0, length);
    if (refers) out += prefix;
    markup.remove_prefix(length);
  }
  return out;
}

}  // namespace ks::report
