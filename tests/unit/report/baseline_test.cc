#include "lib/report/baseline.h"

#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "builders.h"
#include "lib/cli/file.h"

namespace ks::report {
namespace {

BaselineRun baseline(const std::string& id, int minute, double p99_ms) {
  BaselineRun out{run_of("kafka"), {{{"offsets", "wire", "read", "latency_ms_p99"}, p99_ms}}};
  out.run.run_id = id;
  out.run.started_at_ns += minute * 60'000'000'000;
  out.run.machine = {"host", "os", "kernel", 2, 8'000'000'000};
  return out;
}

class Baseline : public test::ScratchFolder {
 protected:
  History history() {
    const auto read = read_history(file_);
    EXPECT_TRUE(read) << read.error().message();
    return read.value_or(History{});
  }
  void append(const BaselineRun& run) { ASSERT_TRUE(append_to_history(file_, run)); }
  void write(const std::string& text) { ASSERT_TRUE(cli::write_file(file_, text)); }
  std::string text() { return cli::read_file(file_).value_or(""); }

  std::filesystem::path file_ = dir_ / "baseline.jsonl";
};

TEST_F(Baseline, IsReadAsItWasWritten) {
  file_ = dir_ / "new folder/baseline.jsonl";
  append(baseline("b", 2, 20));
  append(baseline("a", 1, 17.123456789));
  const History read = history();
  ASSERT_EQ(read.runs.size(), 2U);
  const BaselineRun& first = read.runs[0];
  EXPECT_EQ(first.run.run_id, "a") << "in the order of their begins";
  EXPECT_EQ(first.run.started_at_ns, baseline("a", 1, 0).run.started_at_ns);
  EXPECT_EQ(first.run.profile, "embedded");
  EXPECT_EQ(first.run.broker.product, "Apache Kafka");
  EXPECT_EQ(first.run.machine.cpus, 2U);
  EXPECT_DOUBLE_EQ(first.figures.at({"offsets", "wire", "read", "latency_ms_p99"}), 17.1235);
  EXPECT_EQ(read.damaged_lines, 0U);
}

TEST_F(Baseline, AMissingFileHasNoRuns) { EXPECT_TRUE(history().runs.empty()); }

TEST_F(Baseline, ARunThatIsThereTwiceCountsOnce) {
  append(baseline("a", 1, 17));
  append(baseline("a", 1, 18));
  ASSERT_EQ(history().runs.size(), 1U);
  EXPECT_EQ(history().runs[0].figures.begin()->second, 18);
}

TEST_F(Baseline, ALineThatWasCutOffDoesNotCountAndHarmsNoOther) {
  append(baseline("a", 1, 17));
  const std::string whole = text();
  for (const std::size_t length : {whole.size() - 1, whole.size() / 2, std::size_t{1}}) {
    write(whole + whole.substr(0, length));
    append(baseline("b", 2, 18));
    EXPECT_EQ(history().runs.size(), 2U) << length;
    EXPECT_EQ(history().damaged_lines, length == whole.size() - 1 ? 0U : 1U) << length;
  }
}

TEST_F(Baseline, WhatIsNoRunDoesNotCount) {
  append(baseline("a", 1, 17));
  const std::string whole = text();
  std::string other = whole, typed = whole;
  other.replace(other.find("\"schema_version\":1"), 18, "\"schema_version\":2");
  typed.replace(typed.find(":17"), 3, ":\"\"");
  write(whole + "[]\n{}\nnull\n\xff\n" + other + typed);
  EXPECT_EQ(history().runs.size(), 1U);
  EXPECT_EQ(history().damaged_lines, 6U);
}

TEST_F(Baseline, AnotherFolderThanAFileIsAnError) {
  file_ = dir_;
  EXPECT_FALSE(read_history(file_));
  EXPECT_FALSE(append_to_history(file_, baseline("a", 1, 17)));
}

TEST(Kind, IsTargetProfileStageAndTimes) {
  const auto run = run_of("kafka");
  EXPECT_TRUE(is_same_kind(run, run));
  auto other = run;
  other.profile = "kafka-local";
  EXPECT_FALSE(is_same_kind(run, other));
  EXPECT_FALSE(is_same_kind(run, run_of("kafscale")));
  EXPECT_FALSE(is_same_kind(run, run_of("kafka", Stage::kMain)));
  other = run;
  other.full_time = true;
  EXPECT_FALSE(is_same_kind(run, other));
}

TEST(Kind, AMachineMayHaveAnotherNameButNotAnotherSize) {
  const Machine machine{"a", "os", "kernel", 2, 8'000'000'000};
  EXPECT_TRUE(is_same_machine(machine, {"b", "os", "kernel", 2, 7'900'000'000}));
  EXPECT_FALSE(is_same_machine(machine, {"a", "os", "kernel", 4, 8'000'000'000}));
  EXPECT_FALSE(is_same_machine(machine, {"a", "os", "kernel", 2, 16'000'000'000}));
}

}  // namespace
}  // namespace ks::report
