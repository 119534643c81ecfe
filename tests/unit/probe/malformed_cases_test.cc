#include "lib/probe/malformed_cases.h"

#include <gtest/gtest.h>

#include <set>

#include "lib/wire/bytes.h"
#include "lib/wire/connection.h"
#include "lib/wire/message.h"
#include "lib/wire/record_batch_reader.h"

namespace ks::probe {
namespace {

constexpr std::size_t kKinds = 12;
constexpr std::size_t kCount = 50 * kKinds;

std::vector<MalformedCase> cases(std::uint64_t seed, std::size_t count = kCount) {
  wire::ApiVersions versions;
  for (const wire::Api& api : wire::all_apis()) {
    versions.set(static_cast<std::int16_t>(api.key), api.versions);
  }
  Subject subject;
  subject.topic = "orders";
  subject.group = "billing";
  return malformed_cases(versions, subject, "ks", seed, count);
}

std::string_view frame_of(const MalformedCase& at) {
  return std::string_view(at.bytes).substr(wire::Connection::kLengthBytes);
}

TEST(MalformedCases, TheSeedDecides) {
  const auto one = cases(7);
  const auto again = cases(7);
  const auto other = cases(8);
  std::size_t differ = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(one[i].name, again[i].name);
    EXPECT_EQ(one[i].bytes.size(), again[i].bytes.size());  // a batch has the time in it
    differ += one[i].bytes == other[i].bytes ? 0 : 1;
  }
  EXPECT_GT(differ, kCount / 2);
}

TEST(MalformedCases, ALongerSequenceBeginsWithTheShorter) {
  const auto all = cases(7);
  const auto few = cases(7, kKinds);
  ASSERT_EQ(few.size(), kKinds);
  for (std::size_t i = 0; i < kKinds; ++i) EXPECT_EQ(few[i].name, all[i].name);
}

TEST(MalformedCases, ABatchThatIsCalledCorruptHasAWrongCrcAndIsWholeOtherwise) {
  std::size_t corrupt = 0;
  for (const MalformedCase& at : cases(7)) {
    if (!at.corrupt_batch) continue;
    ++corrupt;
    ASSERT_EQ(at.api, wire::ApiKey::kProduce) << at.name;
    const auto request = wire::decode_request(frame_of(at));
    ASSERT_TRUE(request) << at.name << ": " << request.error().message();
    const auto records = request->body["topic_data"][0]["partition_data"][0]["records"].as_bytes();
    wire::RecordReader reader;
    reader.open(records, true);
    const auto checked = reader.next_batch();
    ASSERT_FALSE(checked) << at.name;
    EXPECT_NE(checked.error().message().find("CRC"), std::string::npos)
        << at.name << ": " << checked.error().message();
    reader.open(records, false);
    EXPECT_TRUE(reader.next_batch().value_or(false)) << at.name;
  }
  EXPECT_EQ(corrupt, kCount / kKinds);
}

TEST(MalformedCases, AFramedCaseNamesTheApiThatItsHeaderHas) {
  for (const MalformedCase& at : cases(7)) {
    if (!at.framed) continue;
    wire::ByteReader in(frame_of(at));
    EXPECT_EQ(in.integer<std::int16_t>(), static_cast<std::int16_t>(at.api)) << at.name;
    EXPECT_EQ(in.integer<std::int16_t>(), at.version) << at.name;
    EXPECT_TRUE(in.ok()) << at.name;
  }
}

// Else silence is wrongly held against the broker, or waited for in vain.
TEST(MalformedCases, ABrokerMayWaitExactlyWhereBytesAreMissingOrNoneWereAnnounced) {
  for (const MalformedCase& at : cases(7)) {
    if (at.framed) {
      EXPECT_FALSE(at.may_wait) << at.name;
      continue;
    }
    wire::ByteReader in(at.bytes);
    const auto length = in.integer<std::int32_t>();
    const auto behind = static_cast<std::int64_t>(at.bytes.size() - sizeof length);
    EXPECT_EQ(at.may_wait, length == 0 || length > behind) << at.name;
  }
}

// Reading what is not there is harmless; anything that creates or deletes is not.
TEST(MalformedCases, OnlyReadersAndProduceAreSent) {
  const std::set<wire::ApiKey> harmless{wire::ApiKey::kProduce, wire::ApiKey::kFetch,
                                        wire::ApiKey::kListOffsets, wire::ApiKey::kFindCoordinator,
                                        wire::ApiKey{-1}};
  for (const MalformedCase& at : cases(7)) EXPECT_TRUE(harmless.contains(at.api)) << at.name;
}

}  // namespace
}  // namespace ks::probe
