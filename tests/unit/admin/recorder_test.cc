#include "lib/admin/recorder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "../support/scratch_folder.h"
#include "lib/cli/clock.h"
#include "lib/history/reader.h"

namespace ks::admin {
namespace {

namespace fs = std::filesystem;

class RecorderTest : public test::ScratchFolder {
 protected:
  RecorderTest() {
    session_.history_dir = folder_.string();
    session_.result.run_id = "run-1";
    session_.result.tool = "ks-offsets";
    session_.result.client = "librdkafka";
  }

  const fs::path folder_ = dir_ / "history";
  tool::Session session_;
};

TEST_F(RecorderTest, KeepsWhatWasCommitted) {
  auto recorder = Recorder::open(session_);
  ASSERT_TRUE(recorder) << recorder.error().message();
  recorder->append(history::Kind::kCommit, {{"orders", 3}, 42}, "billing",
                   history::Outcome::kUnknown, cli::monotonic_ns());
  ASSERT_TRUE(recorder->close());

  history::Names names;
  std::vector<history::Event> events;
  auto folder = history::Folder::open(folder_);
  ASSERT_TRUE(folder);
  folder->read(names, [&](const auto&, const history::Event& event) { events.push_back(event); });
  ASSERT_EQ(folder->files().size(), 1U);
  EXPECT_EQ(folder->files().front().head.run_id, "run-1");
  EXPECT_EQ(folder->files().front().head.tool, "ks-offsets");
  EXPECT_TRUE(folder->files().front().closed);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, history::Kind::kCommit);
  EXPECT_EQ(events[0].outcome, history::Outcome::kUnknown);
  EXPECT_EQ(names.text(events[0].name), "orders");
  EXPECT_EQ(names.text(events[0].group), "billing");
  EXPECT_EQ(events[0].partition, 3);
  EXPECT_EQ(events[0].offset, 42);
  EXPECT_LE(events[0].invoke_ns, events[0].time_ns);
}

TEST_F(RecorderTest, WithoutAFolderItKeepsNothing) {
  session_.history_dir.clear();
  auto recorder = Recorder::open(session_);
  ASSERT_TRUE(recorder);
  recorder->append(history::Kind::kCommit, {{"orders", 0}, 1}, "billing", history::Outcome::kOk, 0);
  EXPECT_TRUE(recorder->close());
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(RecorderTest, AFolderThatCannotBeMadeIsAnError) {
  session_.history_dir = "/dev/null/history";
  const auto recorder = Recorder::open(session_);
  ASSERT_FALSE(recorder);
  EXPECT_NE(recorder.error().message().find("/dev/null/history"), std::string::npos);
}

}  // namespace
}  // namespace ks::admin
