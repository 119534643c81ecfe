#include "lib/cli/hash.h"

#include <gtest/gtest.h>

#include <string_view>

namespace ks::cli {
namespace {

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = kFnv1aBasis;
  for (const char c : text) hash = fnv1a(hash, static_cast<unsigned char>(c));
  return hash;
}

TEST(Fnv1aTest, GivesThePublishedValues) {
  EXPECT_EQ(hash_of(""), 0xcbf29ce484222325);
  EXPECT_EQ(hash_of("a"), 0xaf63dc4c8601ec8c);
  EXPECT_EQ(hash_of("foobar"), 0x85944171f73967e8);
}

}  // namespace
}  // namespace ks::cli
