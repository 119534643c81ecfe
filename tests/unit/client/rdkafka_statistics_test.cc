#include "lib/client/rdkafka_statistics.h"

#include <gtest/gtest.h>

namespace ks::client {
namespace {

TEST(RdkafkaStatistics, DroppedAnswersAreCountedOverAllBrokers) {
  EXPECT_EQ(
      explain_dropped(R"({"brokers": {
                "a:1/bootstrap": {"rxcorriderrs": 0, "rxpartial": 0},
                "a:1/1": {"rxcorriderrs": 2, "rxpartial": 3},
                "b:1/2": {"rxcorriderrs": 1, "rxpartial": 0}}})"),
      "librdkafka dropped 3 answers with another correlation id and 3 batches that are cut off");
}

TEST(RdkafkaStatistics, OnlyWhatWasDroppedIsTold) {
  EXPECT_EQ(explain_dropped(R"({"brokers": {"a:1/1": {"rxcorriderrs": 1, "rxpartial": 0}}})"),
            "librdkafka dropped 1 answers with another correlation id");
  EXPECT_EQ(explain_dropped(R"({"brokers": {"a:1/1": {"rxcorriderrs": 0, "rxpartial": 9}}})"),
            "librdkafka dropped 9 batches that are cut off");
}

TEST(RdkafkaStatistics, NothingDroppedIsNothingToTell) {
  EXPECT_EQ(explain_dropped(R"({"brokers": {"a:1/1": {"rxcorriderrs": 0, "rxpartial": 0}}})"), "");
  EXPECT_EQ(explain_dropped(R"({"brokers": {}})"), "");
}

TEST(RdkafkaStatistics, AMembersStatesAreNamed) {
  EXPECT_EQ(explain_group(R"({"cgrp": {"state": "up", "join_state": "init", "rebalance_cnt": 2}})"),
            "librdkafka is in state up, join state init, after 2 rebalances");
}

TEST(RdkafkaStatistics, WhatIsNoStatisticsTellsNothing) {
  for (const char* text : {"", "{", "[]", "{}"}) {
    EXPECT_EQ(explain_group(text), "") << text;
    EXPECT_EQ(explain_dropped(text), "") << text;
  }
}

}  // namespace
}  // namespace ks::client
