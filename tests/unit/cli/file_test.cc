#include "lib/cli/file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "../support/scratch_folder.h"

namespace ks::cli {
namespace {

namespace fs = std::filesystem;

using File = test::ScratchFolder;

TEST_F(File, IsReadBackAsWritten) {
  for (const std::string& content : {std::string(), std::string("a\0b\n", 4)}) {
    ASSERT_TRUE(write_file(dir_ / "deeper" / "file", content));
    EXPECT_EQ(*read_file(dir_ / "deeper" / "file"), content);
  }
}

TEST_F(File, ErrorsNameThePathAndTheReason) {
  const auto missing = read_file(dir_ / "missing");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("missing; No such file"), std::string::npos);
  EXPECT_FALSE(read_file(dir_));  // a folder
  const auto full = write_file("/dev/full", "x");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message(), "cannot write: /dev/full; No space left on device");
}

TEST_F(File, AFailedWriteLeavesTheOldFileAndNothingElse) {
  ASSERT_TRUE(write_file(dir_ / "folder" / "file", "old"));
  EXPECT_FALSE(write_file(dir_ / "folder" / "file" / "below", "new"));
  EXPECT_EQ(*read_file(dir_ / "folder" / "file"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_ / "folder"), {}), 1);
}

}  // namespace
}  // namespace ks::cli
