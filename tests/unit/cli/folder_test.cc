#include "lib/cli/folder.h"

#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"

namespace ks::cli {
namespace {

namespace fs = std::filesystem;

using Folder = test::ScratchFolder;

TEST_F(Folder, HasItsEntriesByName) {
  for (const char* name : {"b", "a"}) ASSERT_TRUE(write_file(dir_ / name, ""));
  EXPECT_EQ(*entries_in(dir_), (std::vector<fs::path>{dir_ / "a", dir_ / "b"}));
}

TEST_F(Folder, ThatIsMissingIsEmptyAndWhatCannotBeReadAnError) {
  EXPECT_TRUE(entries_in(dir_ / "missing")->empty());
  ASSERT_TRUE(write_file(dir_ / "a", ""));
  const auto file = entries_in(dir_ / "a");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message(), "cannot read: " + (dir_ / "a").string() + "; Not a directory");
}

}  // namespace
}  // namespace ks::cli
