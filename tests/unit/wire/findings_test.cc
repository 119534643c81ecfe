#include "lib/wire/findings.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace ks::wire {
namespace {

TEST(Findings, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const FindingKind& kind : all_findings()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_EQ(&kind_of(kind.id), &kind);
  }
}

TEST(Findings, AreAllDocumented) {
  std::ifstream in(KS_SOURCE "/reports/README.md");
  std::ostringstream text;
  text << in.rdbuf();
  for (const FindingKind& kind : all_findings()) {
    const std::string row = "| " + std::string(kind.name) + " | " + to_string(kind.severity) +
                            " | " + kind.summary + " |\n";
    EXPECT_NE(text.str().find(row), std::string::npos) << "reports/README.md lacks: " << row;
  }
}

}  // namespace
}  // namespace ks::wire
