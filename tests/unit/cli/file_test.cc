#include "lib/cli/file.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace ks::cli {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(testing::TempDir()) / "file_test";

TEST(File, IsReadBackAsWritten) {
  for (const std::string& content : {std::string(), std::string("a\0b\n", 4)}) {
    ASSERT_TRUE(write_file(kFolder / "deeper" / "file", content));
    EXPECT_EQ(*read_file(kFolder / "deeper" / "file"), content);
  }
  fs::remove_all(kFolder);
}

TEST(File, ErrorsNameThePathAndTheReason) {
  const auto missing = read_file(kFolder / "missing");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("missing; No such file"), std::string::npos);
  EXPECT_FALSE(read_file(testing::TempDir()));  // a folder
  const auto full = write_file("/dev/full", "x");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message(), "cannot write: /dev/full; No space left on device");
}

TEST(File, AFailedWriteLeavesTheOldFileAndNothingElse) {
  ASSERT_TRUE(write_file(kFolder / "folder" / "file", "old"));
  EXPECT_FALSE(write_file(kFolder / "folder" / "file" / "below", "new"));
  EXPECT_EQ(*read_file(kFolder / "folder" / "file"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(kFolder / "folder"), {}), 1);
  fs::remove_all(kFolder);
}

}  // namespace
}  // namespace ks::cli
