#include "lib/workload/generated_values.h"

#include <gtest/gtest.h>

#include <set>

namespace ks::workload {
namespace {

history::Identity identity(std::uint64_t i) {
  return {0x1122334455667788, 7, i, static_cast<std::int64_t>(i) * 1000};
}

TEST(GeneratedValues, EachHasItsIdentityAndAnIntactCrc) {
  for (const std::size_t size : {0, 32, 33, 100, 1024, 5000}) {
    for (const std::size_t lasting : {1, 8}) {
      GeneratedValues values(size, lasting);
      for (std::uint64_t i = 0; i < 20; ++i) {
        const std::string_view value = values.make(i, identity(i));
        EXPECT_EQ(value.size(), std::max<std::size_t>(size, 32));
        const history::Stamped stamped = history::read_stamp(value);
        EXPECT_EQ(stamped.integrity, history::Integrity::kIntact) << size << " " << i;
        EXPECT_EQ(stamped.identity, identity(i));
      }
    }
  }
}

TEST(GeneratedValues, StayAsTheyAreAsLongAsTheyLast) {
  GeneratedValues values(200, 4);
  const std::string_view first = values.make(0, identity(0));
  const std::string as_it_was(first);
  for (std::uint64_t i = 1; i < 4; ++i) values.make(i, identity(i));
  EXPECT_EQ(first, as_it_was);
  EXPECT_EQ(values.make(4, identity(4)).data(), first.data());
}

TEST(GeneratedValues, NeighboursHaveOtherBodies) {
  for (const std::size_t lasting : {1, 64}) {
    GeneratedValues values(200, lasting);
    std::set<std::string> bodies;
    for (std::uint64_t i = 0; i < 64; ++i) {
      bodies.emplace(values.make(i, identity(i)).substr(history::kIdentityBytes));
    }
    EXPECT_EQ(bodies.size(), 64U);
  }
}

}  // namespace
}  // namespace ks::workload
