#include "lib/report/html_page.h"

#include <gtest/gtest.h>

namespace ks::report {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HtmlPage, WithoutAScriptNoneMayRun) {
  const std::string page = html_page("<title>", "checks", "<p>content</p>\n");
  EXPECT_TRUE(has(page, "content=\"default-src 'none'; style-src 'unsafe-inline'\""));
  EXPECT_TRUE(has(page, "<title>&lt;title&gt;</title>"));
  EXPECT_TRUE(has(page, "<p>content</p>\n</body>"));
  EXPECT_FALSE(has(page, "<script"));
}

// By `printf 'alert(1)' | openssl dgst -sha256 -binary | base64`.
TEST(HtmlPage, OnlyItsOwnScriptMayRun) {
  const std::string page = html_page("", "checks", "", "alert(1)");
  EXPECT_TRUE(has(page, "; script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='\""));
  EXPECT_TRUE(has(page, "<script>alert(1)</script>"));
}

TEST(IdPrefix, IsBeforeEachIdAndWhatRefersToIt) {
  EXPECT_EQ(with_id_prefix("<a id=\"x\" href=\"#x\" aria-labelledby=\"x\">x id</a>", "p1-"),
            "<a id=\"p1-x\" href=\"#p1-x\" aria-labelledby=\"p1-x\">x id</a>");
  EXPECT_EQ(with_id_prefix("<button aria-controls=\"x\" data-id=\"x\">", "p1-"),
            "<button aria-controls=\"p1-x\" data-id=\"x\">");
}

TEST(IdPrefix, LeavesTextAndOtherLinks) {
  for (const char* markup : {"", " ", "<p> id=&quot;x&quot; href=&quot;#x&quot;</p>",
                             R"(<a href="./report.md" class="id">)", "  two  blanks  "}) {
    EXPECT_EQ(with_id_prefix(markup, "p1-"), markup);
  }
}

}  // namespace
}  // namespace ks::report
