#include "lib/report/github.h"

#include <gtest/gtest.h>

#include "mixed_summary.h"

namespace ks::report {
namespace {

std::size_t lines_with(const std::string& text, const std::string& begin) {
  std::size_t count = text.starts_with(begin) ? 1 : 0;
  for (std::size_t at = 0; (at = text.find("\n" + begin, at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(Github, EscapesAsWorkflowCommandsWantIt) {
  Step bad = step("a:b,c%", Status::kFail, "50% lost, 1:2\n::error::injected\r");
  bad.result.findings = {{"x\n::y", "warning", "z\n::error::z", ""}};
  const std::string text =
      to_github(summarize({check("a:b,c%")}, evidence_of(run_of("kafka"), {bad}), "run", "report"));
  EXPECT_TRUE(text.starts_with("::error title=a%3Ab%2Cc%25 (librdkafka)::")) << text;
  EXPECT_TRUE(has(text, "50%25 lost, 1:2 ::error::injected"));
  EXPECT_EQ(lines_with(text, "::error"), 1U);
  EXPECT_TRUE(has(text, "::warning title=x%0A%3A%3Ay::z%0A::error::z (")) << text;
}

TEST(Github, ShowsTenOfATypeAtMost) {
  Manifest manifest;
  std::vector<Step> steps;
  for (int i = 0; i < 25; ++i) {
    const std::string name = "check_" + std::to_string(i);
    manifest.push_back(check(name));
    if (i < 15) steps.push_back(step(name, Status::kFail, "lost"));
  }
  const std::string text = to_github(
      summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report"));
  EXPECT_EQ(lines_with(text, "::error"), 10U);
  EXPECT_EQ(lines_with(text, "::warning"), 10U);
  EXPECT_TRUE(has(text, "::error title=and 6 more::report.md and report.html have all\n"));
  EXPECT_FALSE(has(text, "::warning title=and")) << "ten fit";
}

TEST(Github, APassIsOneNotice) {
  const std::string text = to_github(passed_summary());
  EXPECT_TRUE(text.starts_with("::notice title=Kafka compatibility%2C PR stage::pass: compatible."))
      << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace
}  // namespace ks::report
