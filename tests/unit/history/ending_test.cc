#include "lib/history/ending.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>

#include "../support/scratch_folder.h"
#include "lib/cli/clock.h"
#include "lib/history/reader.h"
#include "lib/history/writer.h"

namespace ks::history {
namespace {

namespace fs = std::filesystem;

class Ending : public test::ScratchFolder {
 protected:
  fs::path write(bool is_closed) const {
    auto writer = Writer::create(dir_, {});
    EXPECT_TRUE(writer);
    Event event;
    event.time_ns = cli::monotonic_ns();
    (*writer)->append(event);
    if (is_closed) {
      EXPECT_TRUE((*writer)->close());
    }
    return (*writer)->path();
  }
};

TEST_F(Ending, IsSeenWithoutReadingWhatIsBefore) {
  EXPECT_TRUE(ended_cleanly(write(true)));
  EXPECT_FALSE(ended_cleanly(write(false)));
}

TEST_F(Ending, OneThatIsCutShortHasNone) {
  const fs::path file = write(true);
  for (int cut = 1; cut < 30; ++cut) {
    fs::resize_file(file, fs::file_size(file) - 1);
    EXPECT_FALSE(ended_cleanly(file)) << cut;
  }
  fs::resize_file(file, 3);
  EXPECT_FALSE(ended_cleanly(file));
  EXPECT_FALSE(ended_cleanly(dir_ / "nothing"));
}

// A fleet of a thousand workers leaves a thousand histories, and a shell allows 1,024 files.
TEST_F(Ending, AFolderWithMoreFilesThanAProcessMayHaveOpenIsReadWhole) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  constexpr std::size_t kFiles = 150;
  for (std::size_t i = 0; i < kFiles; ++i) write(true);
  rlimit low = before;
  low.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  auto folder = Folder::open(dir_);
  ASSERT_TRUE(folder);
  Names names;
  std::size_t events = 0;
  folder->read(names, [&](const FileSummary&, const Event&) { ++events; });
  EXPECT_EQ(events, kFiles);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace ks::history
