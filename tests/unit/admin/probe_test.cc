#include "lib/admin/probe.h"

#include <gtest/gtest.h>

namespace ks::admin {
namespace {

TEST(Probe, SaysWhyNobodyAnswers) {
  const Probe refused = probe("127.0.0.1:1", {}, cli::Clock::now() + std::chrono::seconds(1));
  EXPECT_FALSE(refused.answers());
  EXPECT_NE(refused.problem.find("127.0.0.1:1"), std::string::npos);
  EXPECT_EQ(refused.apis, 0U);
}

TEST(Probe, AnAddressThatIsNoneIsAProblemToo) {
  EXPECT_FALSE(probe("host:port", {}, cli::Clock::now()).answers());
}

TEST(CountServed, LeavesOutWhatIsAdvertisedAsUnsupported) {
  wire::ApiVersions versions;
  versions.set(0, {0, 9});
  versions.set(22, {-1, -1});
  EXPECT_EQ(count_served(versions), 1U);
}

}  // namespace
}  // namespace ks::admin
