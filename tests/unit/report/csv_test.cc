#include "lib/report/csv.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../support/scratch_folder.h"
#include "builders.h"
#include "lib/cli/file.h"

namespace ks::report {
namespace {

class Csv : public test::ScratchFolder {
 protected:
  // What a step's series comes to.
  CsvSeries rows_of(const std::string& lines) {
    step_.result.series = "series/a.jsonl";
    step_.attachments = {dir_ / "series/a.jsonl"};
    EXPECT_TRUE(cli::write_file(step_.attachments[0], lines));
    return series_rows(folder_, step_);
  }

  RunFolder folder_ = evidence_of(run_of("kafka"), {}).front();
  Step step_ = step("offsets", Status::kPass);
};

constexpr const char* kLines =
    R"({"time":"2026-01-31T12:00:00.250Z","records":300,"bytes":30000,"errors":0,"latency_ms_p50":1.5,"latency_ms_p95":2.5,"latency_ms_p99":9,"latency_ms_max":12}
{"time":"2026-01-31T12:00:01.250Z","records":0,"bytes":0,"errors":2}
{"time":"2026-01-31T12:00:02.250Z","metrics":{"state{a=\"b\"}":1}}
)";

TEST_F(Csv, IsAsExpected) {
  step_.result.tool = "ks-produce";
  const auto expected = cli::read_file(KS_FIXTURES "/report/series.csv");
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_EQ(series_header() + rows_of(kLines).lines, *expected);
}

TEST_F(Csv, ADamagedLineIsToldAndTheRestWritten) {
  const CsvSeries rows = rows_of(std::string(kLines) + R"({"time": "tomorr)");
  EXPECT_EQ(std::count(rows.lines.begin(), rows.lines.end(), '\n'), 3);
  EXPECT_TRUE(rows.problem.starts_with("1 lines cannot be read: "));
}

TEST_F(Csv, AMissingFileIsTold) {
  step_.result.series = "series/gone.jsonl";
  EXPECT_EQ(series_rows(folder_, step_).problem, "not in the run folder: series/gone.jsonl");
}

TEST_F(Csv, AStepWithoutSeriesHasNone) {
  EXPECT_EQ(series_rows(folder_, step_).lines, "");
  EXPECT_EQ(series_rows(folder_, step_).problem, "");
}

TEST_F(Csv, HostileNamesAreNeitherFormulasNorCells) {
  step_.result.step = "=HYPERLINK(\"http://x\", 1)";
  step_.result.tool = "a\r\nb";
  const std::string lines = rows_of(kLines).lines;
  EXPECT_NE(lines.find(R"x(,"'=HYPERLINK(""http://x"", 1)",)x"), std::string::npos) << lines;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3);
}

}  // namespace
}  // namespace ks::report
