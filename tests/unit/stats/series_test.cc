#include "lib/stats/series.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace ks::stats {
namespace {

constexpr std::int64_t kStart = 7'000'000'000;             // of some clock
constexpr std::int64_t kWall = 1'767'225'600'500'000'000;  // 2026-01-01, half a second past
constexpr std::int64_t kMs = 1'000'000;

std::vector<nlohmann::json> lines_of(Series& series, std::int64_t now_ns) {
  std::vector<nlohmann::json> out;
  std::istringstream in(series.take_lines(now_ns));
  for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
  return out;
}

TEST(Series, HasALineForEachSecond) {
  Series series(kStart, kWall);
  series.record(kStart, 100, 2 * kMs);
  series.record(kStart + 999 * kMs, 50, 4 * kMs);
  series.error(kStart + 1000 * kMs);
  const auto lines = lines_of(series, kStart + 1500 * kMs);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["time"], "2026-01-01T00:00:00.500Z");
  EXPECT_EQ(lines[0]["records"], 2);
  EXPECT_EQ(lines[0]["bytes"], 150);
  EXPECT_EQ(lines[0]["errors"], 0);
  EXPECT_DOUBLE_EQ(lines[0]["latency_ms_max"], 4);
  EXPECT_EQ(lines[1]["time"], "2026-01-01T00:00:01.500Z");
  EXPECT_EQ(lines[1]["records"], 0);
  EXPECT_EQ(lines[1]["errors"], 1);
}

TEST(Series, WhatWasNotMeasuredIsAbsent) {
  Series series(kStart, kWall);
  series.record(kStart, 1, std::nullopt);
  EXPECT_FALSE(lines_of(series, kStart)[0].contains("latency_ms_p50"));
}

TEST(Series, AnOutageHasItsLines) {
  Series series(kStart, kWall);
  series.record(kStart, 1, kMs);
  series.record(kStart + 3000 * kMs, 1, kMs);
  const auto lines = lines_of(series, kStart + 3000 * kMs);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1]["records"], 0);
  EXPECT_FALSE(lines[1].contains("latency_ms_max"));
  EXPECT_EQ(lines[3]["records"], 1);
}

}  // namespace
}  // namespace ks::stats
