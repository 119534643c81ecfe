#include "lib/report/run.h"

#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "builders.h"
#include "lib/cli/file.h"
#include "lib/report/json_text.h"

namespace ks::report {
namespace {

using RunFile = test::ScratchFolder;

TEST_F(RunFile, SurvivesItsFile) {
  auto run = run_of("kafscale", Stage::kMain);
  run.cluster_id = "kafscale-cluster";
  run.full_time = true;
  run.machine = this_machine();
  run.toolkit = "0.1.0";
  run.commit = "4f2a9c1d";
  run.seed = "7";
  run.durations_s = {{"chaos_s", 600}};
  run.demanded = {"debezium_recovery"};
  run.interrupted = "signal 2";
  run.failure = "CTest ended with status 8";
  ASSERT_TRUE(write_run(dir_, run));
  const auto back = read_run(dir_);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(dump(to_json(*back)), dump(to_json(run)));
}

// A page is not replaced by one that says less.
TEST(PreferredRun, IsTheOneAtFullTimeThenTheNewer) {
  EXPECT_EQ(preferred_run({}), nullptr);
  const auto run = [](std::int64_t started_at_ns, bool is_full) {
    auto out = run_of("kafka", Stage::kDelivery);
    out.started_at_ns = started_at_ns;
    out.full_time = is_full;
    return out;
  };
  std::vector<report::Run> runs{run(1, false), run(4, false), run(3, true), run(2, true)};
  EXPECT_EQ(preferred_run(runs), &runs[2]);
  runs[2].broker.build = "another";
  EXPECT_EQ(preferred_run(runs), &runs[3]);
  runs[3].profile = "another";
  EXPECT_EQ(preferred_run(runs), &runs[1]) << "what is not alike the newest does not count";
}

TEST_F(RunFile, BeginsAFolder) {
  const auto begun = begin_run(dir_ / "new", run_of("kafka"));
  ASSERT_TRUE(begun) << begun.error().message();
  for (const char* name : {"results", "history", "series", "logs"}) {
    EXPECT_TRUE(std::filesystem::is_directory(dir_ / "new" / name)) << name;
  }
}

TEST_F(RunFile, TwoRunsDoNotShareAFolder) {
  ASSERT_TRUE(begin_run(dir_, run_of("kafka")));
  const auto again = begin_run(dir_, run_of("kafka"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().what, "a run is already in");
}

TEST_F(RunFile, EndsOnceAndKeepsWhatWasSaidOfIt) {
  auto run = run_of("kafka");
  run.ended = false;
  ASSERT_TRUE(begin_run(dir_, run));
  ASSERT_TRUE(end_run(dir_, "signal 2", ""));
  ASSERT_TRUE(end_run(dir_, "", "CTest ended with status 8"));
  const auto ended = read_run(dir_);
  ASSERT_TRUE(ended) << ended.error().message();
  EXPECT_TRUE(ended->ended);
  EXPECT_EQ(ended->interrupted, "signal 2");
  EXPECT_EQ(ended->failure, "CTest ended with status 8");
}

TEST_F(RunFile, AFolderThatCannotBeMadeIsNamed) {
  ASSERT_TRUE(cli::write_file(dir_ / "file", ""));
  const auto begun = begin_run(dir_ / "file", run_of("kafka"));
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().where, (dir_ / "file" / "results").string());
}

TEST_F(RunFile, MalformedOnesAreNamed) {
  for (const char* text : {"", "{", "[]", "{}", R"({"schema_version": 9})"}) {
    ASSERT_TRUE(cli::write_file(dir_ / kRunFile, text));
    const auto run = read_run(dir_);
    ASSERT_FALSE(run) << text;
    EXPECT_EQ(run.error().where, (dir_ / kRunFile).string());
  }
}

TEST_F(RunFile, ARunWithoutClientsWouldRequireNothing) {
  auto run = run_of("kafka");
  run.clients.clear();
  ASSERT_TRUE(write_run(dir_, run));
  EXPECT_FALSE(read_run(dir_));
}

TEST(Machine, IsDescribed) {
  const Machine machine = this_machine();
  EXPECT_FALSE(machine.os.empty());
  EXPECT_NE(machine.kernel.find("Linux"), std::string::npos);
  EXPECT_GT(machine.cpus, 0u);
  EXPECT_GT(machine.memory_bytes, 0u);
}

}  // namespace
}  // namespace ks::report
