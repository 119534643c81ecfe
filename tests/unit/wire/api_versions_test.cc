#include "lib/wire/api_versions.h"

#include <gtest/gtest.h>

#include <string>

#include "exchanges.h"
#include "lib/wire/message.h"

namespace ks::wire {
namespace {

struct Entry {
  std::int16_t key;
  std::int16_t min;
  std::int16_t max;
};

std::string i16(int value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

std::string i32(std::int32_t value) { return i16(value >> 16) + i16(value); }

std::string body(int error_code, std::int32_t count, const std::vector<Entry>& entries) {
  std::string out = i16(error_code) + i32(count);
  for (const Entry& entry : entries) out += i16(entry.key) + i16(entry.min) + i16(entry.max);
  return out;
}

// The first ApiVersions answer that was recorded from KafScale 1.6.0, without its correlation id.
std::string recorded_v3_body() {
  for (const Exchange& exchange : recorded_exchanges()) {
    if (exchange.key == ApiKey::kApiVersions && exchange.version == 3) {
      return exchange.response.substr(4);
    }
  }
  return {};
}

// The same answer in version 0: version 3 has a one-byte count plus one, and after each entry a
// byte for its tagged fields.
std::string as_v0(const std::string& v3) {
  const int count = static_cast<unsigned char>(v3.at(2)) - 1;
  std::string out = v3.substr(0, 2) + i32(count);
  for (int i = 0; i < count; ++i) out += v3.substr(3 + static_cast<std::size_t>(i) * 7, 6);
  return out;
}

cli::Result<ApiVersions> decode_v0(std::string_view bytes) {
  const auto response = decode_message(*find_response(ApiKey::kApiVersions), 0, bytes);
  if (!response) return tl::make_unexpected(response.error());
  return to_api_versions(*response);
}

TEST(DecodeApiVersions, ReadsEveryEntry) {
  const auto versions = decode_v0(body(0, 2, {{0, 3, 9}, {18, 0, 4}}));
  ASSERT_TRUE(versions);
  EXPECT_EQ(versions->all().size(), 2U);
  EXPECT_EQ(versions->range(ApiKey::kProduce).text(), "3-9");
  EXPECT_TRUE(versions->offers(ApiKey::kApiVersions));
  EXPECT_FALSE(versions->offers(ApiKey::kFetch));
  EXPECT_EQ(versions->range(ApiKey::kFetch).text(), "none");
}

TEST(DecodeApiVersions, ReadsWhatKafScaleAnswered) {
  const std::string v3 = recorded_v3_body();
  ASSERT_FALSE(v3.empty()) << "the recorded exchanges are missing";
  const auto versions = decode_v0(as_v0(v3));
  ASSERT_TRUE(versions) << versions.error().message();
  EXPECT_EQ(versions->range(ApiKey::kProduce).text(), "0-9");
  EXPECT_EQ(versions->range(ApiKey::kFetch).text(), "11-13");
  EXPECT_EQ(versions->range(ApiKey::kFindCoordinator).text(), "3");
  EXPECT_EQ(versions->range(ApiKey::kDescribeConfigs).text(), "4");
  EXPECT_FALSE(versions->offers(ApiKey::kInitProducerId)) << "advertised as -1 to -1";
}

TEST(DecodeApiVersions, EveryTruncationIsAnError) {
  const std::string whole = body(0, 2, {{0, 3, 9}, {18, 0, 4}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_v0(std::string_view(whole).substr(0, size))) << size;
  }
}

TEST(DecodeApiVersions, CountBeyondTheBytesIsAnError) {
  for (const std::int32_t count : {2, 1000, 0x7fffffff, -1, std::int32_t{-0x7fffffff - 1}}) {
    const auto versions = decode_v0(body(0, count, {{0, 3, 9}}));
    ASSERT_FALSE(versions) << count;
    EXPECT_NE(versions.error().message().find("malformed"), std::string::npos);
  }
}

TEST(DecodeApiVersions, ErrorCodeIsNamed) {
  const auto versions = decode_v0(body(35, 1, {{18, 0, 3}}));
  ASSERT_FALSE(versions);
  EXPECT_NE(versions.error().message().find("UNSUPPORTED_VERSION"), std::string::npos);
}

TEST(DecodeApiVersions, ANewerKeyStaysUnnamedAndIsKept) {
  const auto versions = decode_v0(body(0, 1, {{999, 0, 1}}));
  ASSERT_TRUE(versions);
  EXPECT_EQ(versions->all().count(999), 1U);
  EXPECT_EQ(api_name(999), "api 999");
}

TEST(ApiVersions, FingerprintTellsTablesApart) {
  ApiVersions a;
  a.set(0, {0, 9});
  ApiVersions b;
  b.set(0, {0, 9});
  EXPECT_EQ(a.fingerprint(), b.fingerprint());
  b.set(0, {0, 10});
  EXPECT_NE(a.fingerprint(), b.fingerprint());
  EXPECT_TRUE(a.fingerprint().starts_with("apis-"));
}

// Reports of earlier builds have it.
TEST(ApiVersions, FingerprintOfATableStaysTheSame) {
  ApiVersions versions;
  versions.set(0, {0, 9});
  versions.set(18, {0, -1});
  EXPECT_EQ(versions.fingerprint(), "apis-d32339af78934623");
}

}  // namespace
}  // namespace ks::wire
