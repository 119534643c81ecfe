#include "lib/scenario/series_sum.h"

#include <gtest/gtest.h>

namespace ks::scenario {
namespace {

TEST(SeriesSum, CountsAddUpAndOfLatenciesTheWorstStays) {
  SeriesSum sum;
  sum.add(
      R"({"time": "2026-01-31T12:00:00.100Z", "records": 10, "bytes": 1000, "errors": 0, "latency_ms_p50": 1.5, "latency_ms_max": 2})"
      "\n"
      R"({"time": "2026-01-31T12:00:01.100Z", "records": 5, "bytes": 500, "errors": 1})"
      "\n",
      0);
  sum.add(
      R"({"time": "2026-01-31T11:59:59.700Z", "records": 7, "bytes": 700, "errors": 2, "latency_ms_p50": 0.5, "latency_ms_max": 9})",
      0);
  EXPECT_EQ(
      sum.lines(),
      R"({"time":"2026-01-31T12:00:00.000Z","records":17,"bytes":1700,"errors":2,"latency_ms_max":9.0,"latency_ms_p50":1.5})"
      "\n"
      R"({"time":"2026-01-31T12:00:01.000Z","records":5,"bytes":500,"errors":1})"
      "\n");
}

TEST(SeriesSum, AClockThatIsAheadIsPutBackAndSecondsWithoutAnythingAreThere) {
  SeriesSum sum;
  sum.add(R"({"time": "2026-01-31T12:00:00.000Z", "records": 1, "bytes": 1, "errors": 0})", 0);
  sum.add(R"({"time": "2026-01-31T12:00:07.000Z", "records": 2, "bytes": 1, "errors": 0})",
          5'000'000'000);
  EXPECT_EQ(sum.lines(), R"({"time":"2026-01-31T12:00:00.000Z","records":1,"bytes":1,"errors":0})"
                         "\n"
                         R"({"time":"2026-01-31T12:00:01.000Z","records":0,"bytes":0,"errors":0})"
                         "\n"
                         R"({"time":"2026-01-31T12:00:02.000Z","records":2,"bytes":1,"errors":0})"
                         "\n");
}

TEST(SeriesSum, WhatIsNoLineOfFiguresDoesNotCount) {
  SeriesSum sum;
  sum.add(R"({"time": "2026-01-31T12:00:0)", 0);
  sum.add("[1]\n{\"records\": 4}\n{\"time\": 7, \"records\": 4}\n{\"time\": \"x\", \"records\": 1}",
          0);
  EXPECT_EQ(sum.lines(), "");
}

}  // namespace
}  // namespace ks::scenario
