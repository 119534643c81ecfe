#include "lib/report/timeline_input.h"

#include <gtest/gtest.h>

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kLine =
    R"({"time":"2026-01-31T12:00:01.000Z","records":300,"bytes":30000,"errors":2,)"
    R"("latency_ms_p50":1.5,"latency_ms_p95":2,"latency_ms_p99":40.25,"latency_ms_max":50})";
constexpr const char* kEarlierLine =
    R"({"time":"2026-01-31T12:00:00.000Z","records":0,"bytes":0,"errors":0})";

TEST(ParseSeries, ReadsASecondALineWithoutALatencyWhereNoneWasMeasured) {
  const Series series = parse_series(std::string(kEarlierLine) + "\n" + kLine + "\n");
  EXPECT_EQ(series.problem, "");
  ASSERT_EQ(series.seconds.size(), 2U);
  EXPECT_FALSE(series.seconds[0].latency);
  const Second& second = series.seconds[1];
  EXPECT_EQ(second.begin_ns, 1'769'860'801'000'000'000);
  EXPECT_EQ(second.records, 300);
  EXPECT_EQ(second.errors, 2);
  ASSERT_TRUE(second.latency);
  EXPECT_EQ(second.latency->p50_ms, 1.5);
  EXPECT_EQ(second.latency->p95_ms, 2);
  EXPECT_EQ(second.latency->p99_ms, 40.25);
}

TEST(ParseSeries, PutsSecondsInTheOrderOfTheirTimes) {
  const Series series = parse_series(std::string(kLine) + "\n" + kEarlierLine + "\n");
  ASSERT_EQ(series.seconds.size(), 2U);
  EXPECT_LT(series.seconds[0].begin_ns, series.seconds[1].begin_ns);
}

TEST(ParseSeries, ReadsABrokersFiguresToo) {
  const Series series = parse_series(
      R"({"time":"2026-01-31T12:00:01.500Z","metrics":{"latency":1.5,"state{a=\"b\"}":-1}})"
      "\n"
      R"({"time":"2026-01-31T12:00:00.500Z","metrics":{}})");
  EXPECT_EQ(series.problem, "");
  EXPECT_TRUE(series.seconds.empty());
  ASSERT_EQ(series.readings.size(), 2U);
  EXPECT_EQ(series.readings[1].at_ns, 1'769'860'801'500'000'000);
  EXPECT_EQ(series.readings[1].metrics,
            (std::map<std::string, double>{{"latency", 1.5}, {"state{a=\"b\"}", -1}}));
}

TEST(ParseSeries, NamesTheLinesThatItCannotReadAndKeepsTheOthers) {
  for (const char* line : {
           "{",
           "[]",
           "7",
           R"({"records":1,"errors":0})",
           R"({"time":"noon","records":1,"errors":0})",
           R"({"time":"9999-01-31T12:00:00.000Z","records":1,"errors":0})",
           R"({"time":"1800-01-31T12:00:00.000Z","records":1,"errors":0})",
           R"({"time":7,"records":1,"errors":0})",
           R"({"time":"2026-01-31T12:00:00.000Z","records":"1","errors":0})",
           R"({"time":"2026-01-31T12:00:00.000Z","records":-1,"errors":0})",
           R"({"time":"2026-01-31T12:00:00.000Z","records":1e300,"errors":0})",
           R"({"time":"2026-01-31T12:00:00.000Z","records":1})",
           R"({"time":"2026-01-31T12:00:00.000Z","records":1,"errors":0,"latency_ms_p50":1})",
           R"({"metrics":{}})",
           R"({"time":"2026-01-31T12:00:00.000Z","metrics":[1]})",
           R"({"time":"2026-01-31T12:00:00.000Z","metrics":{"a":"1"}})",
           R"({"time":"2026-01-31T12:00:00.000Z","metrics":{"a":1e300}})",
       }) {
    const Series series = parse_series(std::string(kEarlierLine) + "\n" + line + "\n" + line);
    EXPECT_EQ(series.seconds.size(), 1U) << line;
    EXPECT_EQ(series.problem, "2 of 3 lines cannot be read, the first is line 2") << line;
  }
}

Json verified() {
  return Json::parse(R"({
    "faults": [{"fault": "kill", "begun_at": "2026-01-31T12:00:00.000Z",
                "confirmed_at": "2026-01-31T12:00:01.000Z", "healed_at": null}],
    "availability": [{"topic": "orders", "partition": 2, "operation": "produce", "attempts": 9,
      "success_rate": 0.5, "gap_ms_max": 1500.5, "gap_began_at": "2026-01-31T12:00:00.000Z",
      "recoveries": [{"fault": "kill", "fault_confirmed_at": "2026-01-31T12:00:01.000Z",
        "began_at": "2026-01-31T12:00:00.500Z", "ended_at": "2026-01-31T12:00:02.000Z",
        "recovery_ms": 1500, "recovered": false}]}]})");
}

TEST(ParseDisturbances, ReadsFaultsAndWhatBecameOfEachPartition) {
  const Disturbances all = parse_disturbances(verified());
  EXPECT_EQ(all.problem, "");
  ASSERT_EQ(all.faults.size(), 1U);
  EXPECT_EQ(all.faults[0].name, "kill");
  EXPECT_EQ(all.faults[0].confirmed_ns, all.faults[0].begun_ns + 1'000'000'000);
  EXPECT_FALSE(all.faults[0].healed_ns);
  ASSERT_EQ(all.partitions.size(), 1U);
  EXPECT_EQ(all.partitions[0].topic, "orders");
  EXPECT_EQ(all.partitions[0].partition, 2);
  EXPECT_EQ(all.partitions[0].gap_ms, 1500.5);
  ASSERT_EQ(all.partitions[0].recoveries.size(), 1U);
  EXPECT_EQ(all.partitions[0].recoveries[0].ms(), 1500);
  EXPECT_TRUE(all.partitions[0].recoveries[0].is_open);
}

TEST(ParseDisturbances, OtherToolsDataHasNone) {
  for (const char* data : {"null", "[]", "7", "{}", R"({"topics": []})"}) {
    const Disturbances none = parse_disturbances(Json::parse(data));
    EXPECT_TRUE(none.faults.empty() && none.partitions.empty()) << data;
    EXPECT_EQ(none.problem, "") << data;
  }
}

TEST(ParseDisturbances, CountsWhatItCannotReadAndKeepsTheRest) {
  Json data = verified();
  data["faults"].push_back("kill");
  data["faults"].push_back({{"fault", "kill"}, {"begun_at", "soon"}});
  data["availability"].push_back(data["availability"][0]);
  data["availability"][1]["recoveries"][0]["ended_at"] = "2026-01-31T11:00:00.000Z";
  const Disturbances rest = parse_disturbances(data);
  EXPECT_EQ(rest.faults.size(), 1U);
  EXPECT_EQ(rest.partitions.size(), 1U);
  EXPECT_EQ(rest.problem,
            "2 of its faults cannot be read, 1 of its partitions' availabilities cannot be read");
  EXPECT_EQ(parse_disturbances({{"faults", 7}}).problem, "1 of its faults cannot be read");
}

TEST(ParseDisturbances, EveryFieldIsNeededAndChecked) {
  const Json good = verified()["availability"][0];
  for (const auto& [name, value] : good.items()) {
    if (name == "gap_began_at") continue;  // none without a gap
    Json bad = good;
    bad.erase(name);
    EXPECT_NE(parse_disturbances({{"availability", {bad}}}).problem, "") << name;
    bad[name] = -1;
    EXPECT_NE(parse_disturbances({{"availability", {bad}}}).problem, "") << name;
  }
  Json endless = good;
  endless["gap_ms_max"] = 1e14;
  EXPECT_NE(parse_disturbances({{"availability", {endless}}}).problem, "");
}

}  // namespace
}  // namespace ks::report
