#include "lib/cli/project.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"

namespace ks::cli {
namespace {

namespace fs = std::filesystem;

// A project elsewhere, with a file that no other has; the tests stand in a sub-folder of it.
class FindInProjectTest : public test::ScratchFolder {
 protected:
  void SetUp() override {
    ::unsetenv("KS_HOME");
    ASSERT_TRUE(write_file(project_ / kMark, ""));
    fs::create_directories(project_ / "a/b");
    fs::current_path(project_ / "a/b");
  }
  void TearDown() override {
    ::unsetenv("KS_HOME");
    fs::current_path(before_);
  }

  static constexpr const char* kMark = "a-file-of-its-own";
  const fs::path before_ = fs::current_path();
  const fs::path& project_ = dir_;
};

TEST_F(FindInProjectTest, HomeGoesAboveAll) {
  ::setenv("KS_HOME", "/home", 1);
  EXPECT_EQ(find_in_project(kMark), "/home/a-file-of-its-own");
}

TEST_F(FindInProjectTest, AnEmptyHomeIsNone) {
  ::setenv("KS_HOME", "", 1);
  EXPECT_EQ(find_in_project(kMark), project_ / kMark);
}

TEST_F(FindInProjectTest, LooksUpwardsFromTheFolderWeStandIn) {
  EXPECT_EQ(find_in_project(kMark), project_ / kMark);
}

TEST_F(FindInProjectTest, TheExecutablesOwnProjectGoesAboveTheFolderWeStandIn) {
  ASSERT_TRUE(write_file(project_ / "gates/stages.json", "[]"));
  EXPECT_EQ(find_in_project("gates/stages.json"), fs::path(KS_SOURCE) / "gates/stages.json");
}

TEST_F(FindInProjectTest, IsEmptyWhereThereIsNone) {
  EXPECT_TRUE(find_in_project("nobody-has-this").empty());
}

}  // namespace
}  // namespace ks::cli
