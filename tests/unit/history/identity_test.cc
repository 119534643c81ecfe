#include "lib/history/identity.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "lib/cli/crc32c.h"

namespace ks::history {
namespace {

const Identity kIdentity{run_hash("run"), 7, 123456789, 1'700'000'000'000'000'000};

TEST(Crc32c, MatchesPublishedVectors) {
  EXPECT_EQ(cli::crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(cli::crc32c(std::string(32, '\0')), 0x8a9136aau);  // RFC 3720, B.4
  EXPECT_EQ(cli::crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(cli::crc32c("6789", cli::crc32c("12345")), 0xe3069283u);
}

TEST(RunHash, IsFnv1aOfTheRunId) { EXPECT_EQ(run_hash("foobar"), 0x85944171f73967e8u); }

TEST(Identity, IsReadBackFromTheValueItWasStampedOn) {
  std::string value(100, 'x');
  stamp(value, kIdentity);
  const Stamped read = read_stamp(value);
  EXPECT_EQ(read.integrity, Integrity::kIntact);
  EXPECT_EQ(read.identity, kIdentity);
}

TEST(Identity, EveryFlippedBitIsSeen) {
  std::string value(64, 'x');
  stamp(value, kIdentity);
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    std::string damaged = value;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const Stamped read = read_stamp(damaged);
    // A flip in the magic makes it a stranger's record; anywhere else it is corrupt.
    EXPECT_EQ(read.integrity, bit < 32 ? Integrity::kForeign : Integrity::kCorrupt) << bit;
  }
}

TEST(Identity, ATruncatedValueIsNotIntact) {
  std::string value(64, 'x');
  stamp(value, kIdentity);
  for (std::size_t size = 0; size < value.size(); ++size) {
    EXPECT_NE(read_stamp(std::string_view(value).substr(0, size)).integrity, Integrity::kIntact);
  }
}

TEST(Identity, TheHeaderGuardsAValueThatStaysUntouched) {
  const std::string header = identity_header(kIdentity, "a user's value");
  EXPECT_EQ(header.size(), kIdentityBytes);
  EXPECT_EQ(read_stamp(header, "a user's value").identity, kIdentity);
  EXPECT_EQ(read_stamp(header, "a user's valuf").integrity, Integrity::kCorrupt);
  EXPECT_EQ(read_stamp("short", "a user's value").integrity, Integrity::kForeign);
}

TEST(Identity, UuidsAreWellFormedAndDifferentForDifferentIdentities) {
  std::set<std::string> seen;
  for (const std::uint16_t producer : std::vector<std::uint16_t>{0, 1, 16383, 16384, 65535}) {
    for (const std::uint64_t sequence :
         std::vector<std::uint64_t>{0, 1, 1ULL << 32, kMostSequences - 1}) {
      const std::string text = uuid({run_hash("run"), producer, sequence, 0});
      ASSERT_EQ(text.size(), 36u);
      EXPECT_EQ(text[14], '8');                                                  // version
      EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;  // variant
      EXPECT_TRUE(seen.insert(text).second) << text;
    }
  }
}

}  // namespace
}  // namespace ks::history
