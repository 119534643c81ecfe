#include "lib/wire/address.h"

#include <gtest/gtest.h>

namespace ks::wire {
namespace {

TEST(ParseAddress, HostAndPort) {
  const auto address = parse_address("broker-1.example:39092");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "broker-1.example");
  EXPECT_EQ(address->port, 39092);
  EXPECT_EQ(address->text(), "broker-1.example:39092");
}

TEST(ParseAddress, WithoutPortItIsKafkasDefault) {
  EXPECT_EQ(parse_address("localhost")->text(), "localhost:9092");
}

TEST(ParseAddress, Ipv6InBrackets) {
  const auto address = parse_address("[::1]:9093");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->port, 9093);
  EXPECT_EQ(address->text(), "[::1]:9093");
  EXPECT_EQ(parse_address("[::1]")->text(), "[::1]:9092");
}

class BadAddress : public testing::TestWithParam<const char*> {};

TEST_P(BadAddress, IsNamedInTheError) {
  const auto address = parse_address(GetParam());
  ASSERT_FALSE(address) << GetParam();
  EXPECT_NE(address.error().message().find("'" + std::string(GetParam()) + "'"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Address, BadAddress,
                         testing::Values("", ":9092", "host:", "host:0", "host:65536", "host:-1",
                                         "host:9092x", "host:99999999999999999999", "[::1",
                                         "[]:9092", "[::1]9092", "a b:9092", "http://host:9092"));

TEST(Address, AUserIsRefusedAndNotQuoted) {
  for (const char* list : {"user:hunter2@h:1", "hunter2@h", "SASL_SSL://user:hunter2@h:1",
                           "a:1,SASL_SSL://user:hun,ter2@h:1"}) {
    const auto addresses = parse_addresses(list);
    ASSERT_FALSE(addresses) << list;
    EXPECT_EQ(addresses.error().what, "a broker address with a user or password");
    EXPECT_EQ(addresses.error().message().find("ter2"), std::string::npos);
    EXPECT_FALSE(parse_address(list));
  }
}

TEST(ParseAddresses, ListInOrder) {
  const auto addresses = parse_addresses("a:1,b:2,c");
  ASSERT_TRUE(addresses);
  ASSERT_EQ(addresses->size(), 3U);
  EXPECT_EQ((*addresses)[0].text(), "a:1");
  EXPECT_EQ((*addresses)[1].text(), "b:2");
  EXPECT_EQ((*addresses)[2].text(), "c:9092");
}

TEST(ParseAddresses, EmptyListAndEmptyPartsAreErrors) {
  EXPECT_FALSE(parse_addresses(""));
  EXPECT_FALSE(parse_addresses("a:1,"));
  EXPECT_FALSE(parse_addresses(",a:1"));
  EXPECT_FALSE(parse_addresses("a:1,,b:2"));
}

}  // namespace
}  // namespace ks::wire
