// Each output of one summary, as it stands in tests/fixtures/report. KS_WRITE_GOLDEN=1 writes the
// files anew: read their diff before you commit it.
#include <gtest/gtest.h>

#include "delivery_builders.h"
#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/report/checklist.h"
#include "lib/report/delivery.h"
#include "lib/report/github.h"
#include "lib/report/html.h"
#include "lib/report/json_text.h"
#include "lib/report/junit.h"
#include "lib/report/markdown.h"
#include "lib/report/tap.h"
#include "mixed_summary.h"

namespace ks::report {
namespace {

struct Golden {
  const char* file;
  std::string (*render)(const Summary& summary);
};

class GoldenFile : public testing::TestWithParam<Golden> {};

TEST_P(GoldenFile, IsAsExpected) {
  const std::string path = std::string(KS_FIXTURES "/report/") + GetParam().file;
  const std::string text = GetParam().render(mixed_summary());
  if (!cli::environment("KS_WRITE_GOLDEN").empty()) {
    ASSERT_TRUE(cli::write_file(path, text));
  }
  const auto expected = cli::read_file(path);
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_EQ(text, *expected);
}

INSTANTIATE_TEST_SUITE_P(
    OfASummary, GoldenFile,
    testing::Values(Golden{"checklist.md", to_checklist}, Golden{"results.tap", to_tap},
                    Golden{"junit.xml", to_junit}, Golden{"annotations.txt", to_github},
                    // The page without its style sheet.
                    Golden{"report.html",
                           [](const Summary& s) { return run_markup(s, true, kMostPageBytes); }},
                    Golden{"report.md", [](const Summary& s) { return to_markdown(s); }},
                    Golden{"summary.json", [](const Summary& s) { return dump(to_json(s)); }}),
    [](const auto& golden) {
      std::string name = golden.param.file;
      name.erase(name.find('.'), 1);
      return name;
    });

TEST(GoldenFileOfDelivery, IsAsExpected) {
  const std::string path = KS_FIXTURES "/report/delivery-guarantees.md";
  const std::string text = to_delivery_report(delivery_summary());
  if (!cli::environment("KS_WRITE_GOLDEN").empty()) {
    ASSERT_TRUE(cli::write_file(path, text));
  }
  const auto expected = cli::read_file(path);
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_EQ(text, *expected);
}

}  // namespace
}  // namespace ks::report
