#include "lib/cli/crc32c_shift.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/cli/crc32c.h"

namespace ks::cli {
namespace {

TEST(Crc32cShift, JoinsWhatWasSummedApart) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += static_cast<char>(i * i % 251);
  for (const std::size_t split : {0, 1, 24, 32, 1024, 4999, 5000}) {
    const auto first = std::string_view(text).substr(0, split);
    const auto second = std::string_view(text).substr(split);
    const Crc32cShift shift(second.size());
    EXPECT_EQ(join_crc32c(crc32c(first), crc32c(second), second.size()), crc32c(text)) << split;
    EXPECT_EQ(shift.joined(crc32c(first), crc32c(second)), crc32c(text)) << split;
  }
}

}  // namespace
}  // namespace ks::cli
