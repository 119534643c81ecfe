#include "lib/report/text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ks::report {
namespace {

using namespace std::string_literals;

TEST(Text, CleanKeepsWhatPeopleRead) {
  EXPECT_EQ(clean("plain, ümlaut, 漢字, 🙂\n\t"), "plain, ümlaut, 漢字, 🙂\n\t");
}

TEST(Text, CleanShowsControlCharacters) {
  EXPECT_EQ(clean("a\0b"s), "a␀b");
  EXPECT_EQ(clean("\x1b[31m\r\x1f"), "␛[31m␍␟");
  EXPECT_EQ(clean("\x7f\xc2\x85"), "\uFFFD\uFFFD");
}

TEST(Text, CleanReplacesWhatIsNotUtf8) {
  struct Case {
    const char* name;
    std::string bytes;
    std::string shown;
  };
  const std::vector<Case> cases{
      {"lone continuation", "a\x80z", "a\uFFFDz"},
      {"truncated", "a\xe6\xbc", "a\uFFFD\uFFFD"},
      {"broken sequence", "\xe6z", "\uFFFDz"},
      {"overlong slash", "\xc0\xaf", "\uFFFD\uFFFD"},
      {"surrogate", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"beyond Unicode", "\xf5\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"noncharacter", "\xef\xbf\xbe", "\uFFFD"},
      {"right-to-left override", "a\u202Ebc", "a\uFFFDbc"},
      {"line separator", "a\u2028b", "a\uFFFDb"},
  };
  for (const Case& c : cases) EXPECT_EQ(clean(c.bytes), c.shown) << c.name;
}

TEST(Text, MarkupIsInert) {
  EXPECT_EQ(escape_markup("<script>alert('1' & \"2\")</script>"),
            "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;");
  EXPECT_EQ(escape_markup("]]>\xff"), "]]&gt;\uFFFD");
}

TEST(Text, MarkdownIsInertAndOneLine) {
  EXPECT_EQ(escape_markdown("a|b\n# <b> [x](y) `z` *s*"),
            "a\\|b \\# \\<b\\> \\[x\\](y) \\`z\\` \\*s\\*");
  EXPECT_EQ(escape_markdown("topic_lifecycle _x_"), "topic_lifecycle \\_x\\_");
  EXPECT_EQ(markdown_code("a`b|c\nd"), "`a'b\\|c d`");
  EXPECT_EQ(markdown_code(""), "` `");
}

TEST(Text, LinksStayRelative) {
  EXPECT_EQ(relative_link("results/a.json"), "./results/a.json");
  EXPECT_EQ(relative_link("../run/a b.json"), "../run/a%20b.json");
  EXPECT_EQ(relative_link("javascript:alert(1)"), "./javascript%3Aalert%281%29");
  EXPECT_EQ(relative_link("//host/x"), ".///host/x");
  EXPECT_EQ(relative_link("a?b#c%\"<"), "./a%3Fb%23c%25%22%3C");
}

TEST(Text, NumbersAreForPeople) {
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(999), "999");
  EXPECT_EQ(format_number(1000), "1,000");
  EXPECT_EQ(format_number(-1234567.5), "-1,234,567.5");
  EXPECT_EQ(format_number(12.3456), "12.346");
  EXPECT_EQ(format_number(0.0001), "0.0001");
  EXPECT_EQ(format_number(1e18), "1e+18");
  EXPECT_EQ(format_number(NAN), "not a number");
}

TEST(Text, SentencesBeginLarge) {
  EXPECT_EQ(sentence_case("not compatible"), "Not compatible");
  EXPECT_EQ(sentence_case(""), "");
}

}  // namespace
}  // namespace ks::report
