#include "lib/report/finding_hints.h"

#include <gtest/gtest.h>

#include <regex>

#include "lib/cli/file.h"
#include "lib/wire/findings.h"

namespace ks::report {
namespace {

// Markdown's text, in one line.
std::string plain(std::string text) {
  text = std::regex_replace(text, std::regex(R"(\[([^\]]*)\]\([^)]*\))"), "$1");
  text = std::regex_replace(text, std::regex("`"), "");
  text = std::regex_replace(text, std::regex(R"(\s+)"), " ");
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

TEST(FindingHints, AreWhatThePageOfFindingsSays) {
  const auto page = cli::read_file(KS_SOURCE "/reports/findings.md");
  ASSERT_TRUE(page) << page.error().message();
  for (const wire::FindingKind& kind : wire::all_findings()) {
    const std::size_t begin = page->find("\n## " + std::string(kind.name) + "\n");
    ASSERT_NE(begin, std::string::npos) << kind.name;
    const std::string section =
        plain(page->substr(begin + 4, page->find("\n## ", begin + 4) - begin - 4));
    const std::string hint = hint_of_finding(kind.name);
    EXPECT_FALSE(hint.empty()) << kind.name;
    EXPECT_TRUE(section.ends_with(hint)) << kind.name << ": " << hint << "\n" << section;
  }
}

TEST(FindingHints, OthersHaveNone) { EXPECT_EQ(hint_of_finding("<b>"), ""); }

}  // namespace
}  // namespace ks::report
