#include "lib/target/identity.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lib/cli/file.h"

namespace ks::target {
namespace {

// What KafScale 1.6.0 advertises: what it does not serve is listed as -1 to -1, or not at all.
wire::ApiVersions kafscale_versions() {
  constexpr wire::VersionRange kNotServed{-1, -1};
  wire::ApiVersions versions;
  versions.set(0, {0, 9});
  versions.set(1, {11, 13});
  versions.set(2, {0, 4});
  versions.set(3, {0, 12});
  for (const int key : {4, 5, 6, 7, 21, 22, 24, 25, 26, 28}) {
    versions.set(static_cast<std::int16_t>(key), kNotServed);
  }
  versions.set(8, {3, 3});
  versions.set(9, {5, 5});
  versions.set(10, {3, 3});
  versions.set(18, {0, 4});
  return versions;
}

wire::ApiVersions kafka_versions() {
  wire::ApiVersions versions;
  versions.set(0, {3, 13});
  versions.set(18, {0, 4});
  versions.set(22, {0, 6});
  return versions;
}

std::string kafscale_page() {
  return cli::read_file(KS_FIXTURES "/kafscale-1.6.0/metrics.txt").value();
}

bool has_reason(const Identity& identity, const std::string& reason) {
  return std::find(identity.reasons.begin(), identity.reasons.end(), reason) !=
         identity.reasons.end();
}

TEST(IdentityTest, KafScaleByItsClusterId) {
  const Identity identity = identify({"kafscale-cluster", kafscale_versions(), ""});
  EXPECT_EQ(identity.product, kKafScale);
  EXPECT_TRUE(has_reason(identity, "InitProducerId not offered"));
}

TEST(IdentityTest, KafScaleByItsMetrics) {
  const Identity identity = identify({"some-other-id", kafscale_versions(), kafscale_page()});
  EXPECT_EQ(identity.product, kKafScale);
  EXPECT_TRUE(has_reason(identity, "kafscale_ metrics on its metrics page"));
}

TEST(IdentityTest, KafScaleThatDoesNotListInitProducerIdAtAll) {
  wire::ApiVersions versions;
  versions.set(0, {0, 9});
  EXPECT_EQ(identify({"kafscale-cluster", versions, ""}).product, kKafScale);
}

TEST(IdentityTest, ApacheKafka) {
  EXPECT_EQ(identify({"abc", kafka_versions(), ""}).product, kApacheKafka);
  EXPECT_EQ(identify({"abc", kafka_versions(), "kafka_server_x 1\n"}).product, kApacheKafka);
  EXPECT_EQ(identify({"", kafka_versions(), ""}).product, kApacheKafka);
}

TEST(IdentityTest, KafScaleSignsWithInitProducerIdAreNotBlessed) {
  const Identity identity = identify({"kafscale-cluster", kafka_versions(), kafscale_page()});
  EXPECT_EQ(identity.product, kUnknownProduct);
  EXPECT_TRUE(has_reason(identity, "InitProducerId offered"));
}

TEST(IdentityTest, NoInitProducerIdAloneIsNoSign) {
  EXPECT_EQ(identify({"abc", kafscale_versions(), ""}).product, kUnknownProduct);
}

TEST(IdentityTest, MetricNameInsideALineIsNoSign) {
  EXPECT_EQ(identify({"abc", kafscale_versions(), "# not kafscale_ at all\n"}).product,
            kUnknownProduct);
}

TEST(IdentityTest, NoVersionsIsUnknown) {
  const Identity identity = identify({"kafscale-cluster", {}, kafscale_page()});
  EXPECT_EQ(identity.product, kUnknownProduct);
  EXPECT_TRUE(has_reason(identity, "advertised API versions not known"));
}

}  // namespace
}  // namespace ks::target
