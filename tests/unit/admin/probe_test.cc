#include "lib/admin/probe.h"

#include <gtest/gtest.h>

namespace ks::admin {
namespace {

using Words = std::vector<std::string>;

TEST(IsElsewhere, TheSameWordsAreTheSamePlace) {
  EXPECT_FALSE(is_elsewhere("nowhere.invalid:9092", Words{"nowhere.invalid:9092"}));
}

TEST(IsElsewhere, TwoNamesOfOneAddressAreTheSamePlace) {
  EXPECT_FALSE(is_elsewhere("localhost:9092", Words{"127.0.0.1:9092"}));
  EXPECT_FALSE(is_elsewhere("127.0.0.1:9092", Words{"10.0.0.1:9092", "localhost:9092"}));
}

TEST(IsElsewhere, AnotherPortOrHostIsAnotherPlace) {
  EXPECT_TRUE(is_elsewhere("127.0.0.1:9093", Words{"127.0.0.1:9092"}));
  EXPECT_TRUE(is_elsewhere("127.0.0.2:9092", Words{"127.0.0.1:9092"}));
  EXPECT_TRUE(is_elsewhere("nowhere.invalid:9092", Words{"127.0.0.1:9092"}));
}

TEST(Probe, SaysWhyNobodyAnswers) {
  const Probe refused = probe("127.0.0.1:1", cli::Clock::now() + std::chrono::seconds(1));
  EXPECT_FALSE(refused.answers());
  EXPECT_NE(refused.problem.find("127.0.0.1:1"), std::string::npos);
  EXPECT_EQ(refused.apis, 0U);
}

TEST(Probe, AnAddressThatIsNoneIsAProblemToo) {
  EXPECT_FALSE(probe("host:port", cli::Clock::now()).answers());
}

TEST(CountServed, LeavesOutWhatIsAdvertisedAsUnsupported) {
  wire::ApiVersions versions;
  versions.set(0, {0, 9});
  versions.set(22, {-1, -1});
  EXPECT_EQ(count_served(versions), 1U);
}

}  // namespace
}  // namespace ks::admin
