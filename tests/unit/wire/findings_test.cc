#include "lib/wire/findings.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "lib/ops/metrics_judgement.h"
#include "lib/ops/resources_command.h"
#include "lib/scenario/fleet_table.h"

namespace ks::wire {
namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::multiset<std::string> ids_of_the_code() {
  std::multiset<std::string> ids{ops::kCounterReset, ops::kCounterShrinks, ops::kResourcesUnread,
                                 ops::kNetworkOfTheMachine, scenario::kClockOffset};
  for (const FindingKind& kind : all_findings()) ids.insert(kind.name);
  return ids;
}

// What stands between `before` and `after` in each line that has both, `before` at its begin.
std::multiset<std::string> ids_between(const std::vector<std::string>& lines,
                                       const std::string& before, const std::string& after) {
  std::multiset<std::string> ids;
  for (const std::string& line : lines) {
    const std::size_t end = line.find(after, before.size());
    if (line.starts_with(before) && end != std::string::npos) {
      ids.insert(line.substr(before.size(), end - before.size()));
    }
  }
  return ids;
}

const std::string kTable = KS_SOURCE "/reports/README.md";
const std::string kPage = KS_SOURCE "/reports/findings.md";

TEST(Findings, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const FindingKind& kind : all_findings()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_EQ(&kind_of(kind.id), &kind);
  }
}

TEST(Findings, AreAllInTheTableAndNoOthers) {
  const std::vector<std::string> lines = lines_of(kTable);
  const std::multiset<std::string> rows(lines.begin(), lines.end());
  for (const FindingKind& kind : all_findings()) {
    const std::string name = kind.name;
    std::string row = "| [" + name + "]";
    row.append("(findings.md#").append(name).append(") | ").append(to_string(kind.severity));
    row.append(" | ").append(kind.summary).append(" |");
    EXPECT_EQ(rows.count(row), 1U) << kTable << " lacks: " << row;
  }
  EXPECT_EQ(ids_between(lines, "| [", "](findings.md#"), ids_of_the_code());
}

TEST(Findings, HaveASectionEachAndNobodyElseHas) {
  std::vector<std::string> lines = lines_of(kPage);
  for (std::string& line : lines) line += '\n';
  EXPECT_EQ(ids_between(lines, "## ", "\n"), ids_of_the_code());
}

// That its options are real is seen by findings.bats.
TEST(Findings, CanEachBeSeenAgainByOneCommand) {
  std::string section;
  std::multiset<std::string> shown;
  for (const std::string& line : lines_of(kPage)) {
    if (line.starts_with("## ")) section = line.substr(3);
    if (line.starts_with("Again: `ks-") && line.ends_with('`')) shown.insert(section);
  }
  EXPECT_EQ(shown, ids_of_the_code());
}

}  // namespace
}  // namespace ks::wire
