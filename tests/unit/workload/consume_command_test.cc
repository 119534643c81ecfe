#include "lib/workload/consume_command.h"

#include <gtest/gtest.h>

namespace ks::workload {
namespace {

ConsumePlan plan_of(std::vector<const char*> words) {
  tool::Session session;
  words.insert(words.begin(), {"ks-consume", "--topic", "orders"});
  session.options = *cli::parse_command_line(static_cast<int>(words.size()), words.data(),
                                             consume_command().options);
  session.timeout = std::chrono::seconds(7);
  return *consume_plan(session);
}

TEST(ConsumePlan, WhatHasAnEndIsBounded) {
  const std::vector<std::vector<const char*>> bounded{
      {"-e"}, {"-c", "3"}, {"--until", "errors == 1"}, {"--verify"}, {"--verify", "-c", "3"}};
  for (const auto& words : bounded) {
    EXPECT_EQ(plan_of(words).timeout, std::chrono::seconds(7)) << words.front();
  }
  EXPECT_EQ(plan_of({}).timeout, std::nullopt);
}

TEST(ConsumePlan, AVerificationReadsToTheEndUnlessItIsToldWhenToStop) {
  EXPECT_TRUE(plan_of({"--verify"}).stop_at_end);
  EXPECT_FALSE(plan_of({"--verify", "-c", "3"}).stop_at_end);
  EXPECT_TRUE(plan_of({"--verify", "-c", "3", "-e"}).stop_at_end);
}

}  // namespace
}  // namespace ks::workload
