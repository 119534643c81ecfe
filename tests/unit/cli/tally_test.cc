#include "lib/cli/tally.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "../support/scratch_folder.h"

namespace ks::cli {
namespace {

class TallyTest : public test::ScratchFolder {
 protected:
  const std::filesystem::path path_ = dir_ / "tally";
};

TEST_F(TallyTest, WhoeverOpensTheFileSeesTheSameCounts) {
  auto mine = Tally::open(path_);
  ASSERT_TRUE(mine);
  mine->add_record();
  const auto others = Tally::open(path_);
  ASSERT_TRUE(others);
  EXPECT_EQ(others->records(), 1u);
  mine->add_error();
  EXPECT_EQ(others->errors(), 1u);
}

TEST_F(TallyTest, OfALimitEachRecordIsTakenOnce) {
  constexpr std::uint64_t kLimit = 10'000;
  std::atomic<std::uint64_t> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      auto tally = Tally::open(path_);
      while (tally->take(kLimit)) ++taken;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, kLimit);
  EXPECT_EQ(Tally::open(path_)->records(), kLimit);
}

TEST_F(TallyTest, SaysWhyItCannotBeShared) {
  EXPECT_FALSE(Tally::open("/nonexistent/tally"));
  EXPECT_FALSE(Tally::open(dir_));
}

}  // namespace
}  // namespace ks::cli
