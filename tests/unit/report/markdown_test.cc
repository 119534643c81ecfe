#include "lib/report/markdown.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mixed_summary.h"

namespace ks::report {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

Summary many_checks(int count, const std::string& reason) {
  Manifest manifest;
  std::vector<Step> steps;
  for (int i = 0; i < count; ++i) {
    const std::string name = "check_" + std::to_string(i);
    manifest.push_back(check(name));
    steps.push_back(step(name, Status::kFail, reason));
  }
  return summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report");
}

TEST(Markdown, OfAPassedRunNothingIsMissing) {
  const std::string text = to_markdown(passed_summary());
  EXPECT_TRUE(has(text, "**Verdict: pass.**"));
  EXPECT_FALSE(has(text, "What did not pass"));
  EXPECT_TRUE(has(text, "## All checks"));
}

TEST(Markdown, FitsTheJobSummary) {
  const std::string text = to_markdown(many_checks(10'000, std::string(5000, '<')));
  EXPECT_LE(text.size(), kMostMarkdownBytes);
  EXPECT_GT(text.size(), kMostMarkdownBytes - 100'000);
  EXPECT_TRUE(has(text, "- and 9988 more\n"));
  EXPECT_EQ(count_of(text, "more have no room here; summary.json has all."), 2U);
  EXPECT_TRUE(has(text, "| `check_99` Title of check_99 | pr | librdkafka | failed |"));
  EXPECT_LE(to_markdown(many_checks(10'000, "lost"), 100'000).size(), 100'000U);
}

TEST(Markdown, HostileNamesStayInTheirCells) {
  const std::string hostile =
      "a | b\n| c |\n# x <img src=x onerror=alert(1)> [l](javascript:1) `q`";
  Step bad = step("offsets", Status::kFail, hostile);
  bad.result.anomalies = {{hostile, 1, 0, {hostile}}};
  bad.result.findings = {{hostile, "warning", hostile, hostile}};
  const std::string text = to_markdown(
      summarize({check("offsets")}, evidence_of(run_of("kafka"), {bad}), "run", "report"));
  EXPECT_FALSE(has(text, "\n| c"));
  EXPECT_FALSE(has(text, "\n# x"));
  EXPECT_TRUE(has(text, "\\[l\\](javascript"));
  EXPECT_TRUE(has(text, "x \\<img"));
  std::size_t at = text.find("## Anomalies");
  for (std::string line; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with('|')) continue;
    const std::size_t bars = count_of(line, "|") - count_of(line, "\\|");
    EXPECT_TRUE(bars == 6 || bars == 5) << line;
  }
}

TEST(Markdown, TellsWhatToDoAboutAFinding) {
  Step told = step("offsets", Status::kPass);
  told.result.findings = {{"null-records", "info", "null", ""},
                          {"leave-refused", "warning", "refused", ""}};
  const std::string text = to_markdown(
      summarize({check("offsets")}, evidence_of(run_of("kafka"), {told}), "run", "report"));
  EXPECT_TRUE(has(text, "| Answer an empty record set. |"));
  EXPECT_LT(text.find("`leave-refused`"), text.find("`null-records`")) << "the graver one first";
}

}  // namespace
}  // namespace ks::report
