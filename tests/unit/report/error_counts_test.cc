#include "lib/report/error_counts.h"

#include <gtest/gtest.h>

#include <set>

namespace ks::report {
namespace {

Judges judging(std::set<std::string> metrics) {
  return [metrics = std::move(metrics)](const std::string& metric) {
    return metrics.count(metric) != 0;
  };
}

TEST(ErrorCounts, CountsByNameAndSumsUpRefusals) {
  ErrorCounts errors;
  EXPECT_TRUE(errors.empty());
  errors.add("TOPIC_AUTHORIZATION_FAILED", "a", 3);
  errors.add("GROUP_AUTHORIZATION_FAILED", "b");
  errors.add("SASL_AUTHENTICATION_FAILED", "c");
  errors.add("", "d");
  EXPECT_FALSE(errors.empty());
  Metrics metrics;
  errors.fill(metrics);
  const Metrics expected{{"errors_TOPIC_AUTHORIZATION_FAILED", 3},
                         {"errors_GROUP_AUTHORIZATION_FAILED", 1},
                         {"errors_SASL_AUTHENTICATION_FAILED", 1},
                         {"authorization_errors", 4}};
  EXPECT_EQ(metrics, expected);
}

TEST(ErrorCounts, WhatIsCountedTwiceAddsUp) {
  Metrics metrics;
  count_error("CLUSTER_AUTHORIZATION_FAILED", metrics);
  count_error("CLUSTER_AUTHORIZATION_FAILED", metrics, 2);
  EXPECT_EQ(metrics.at("errors_CLUSTER_AUTHORIZATION_FAILED"), 3);
  EXPECT_EQ(metrics.at("authorization_errors"), 3);
}

TEST(ErrorCounts, OnlyRefusalsOfPermissionAreOfAuthorization) {
  EXPECT_TRUE(is_of_authorization("TRANSACTIONAL_ID_AUTHORIZATION_FAILED"));
  EXPECT_FALSE(is_of_authorization("SASL_AUTHENTICATION_FAILED"));
  EXPECT_FALSE(is_of_authorization(""));
}

TEST(ErrorCounts, NamesTheFirstThatNoExpectationIsThereFor) {
  ErrorCounts errors;
  errors.add("TOPIC_AUTHORIZATION_FAILED", "refused");
  errors.add("", "timed out");
  errors.add("CORRUPT_MESSAGE", "corrupt");
  errors.add("", "timed out again");
  EXPECT_EQ(errors.first_unjudged(judging({})), "refused");
  EXPECT_EQ(errors.first_unjudged(judging({"authorization_errors"})), "timed out");
  EXPECT_EQ(errors.first_unjudged(judging({"errors_TOPIC_AUTHORIZATION_FAILED"})), "timed out");
  EXPECT_EQ(errors.first_unjudged(judging({"errors_CORRUPT_MESSAGE"})), "refused");
  EXPECT_EQ(errors.first_unjudged(judging({"errors"})), "");
  EXPECT_EQ(errors.first_unjudged(judging({"error_rate"})), "");
}

}  // namespace
}  // namespace ks::report
