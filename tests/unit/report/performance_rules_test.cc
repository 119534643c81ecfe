// Each rule has figures that trigger it, and others, as near as can be, that do not.
#include <gtest/gtest.h>

#include <algorithm>

#include "performance_builders.h"

namespace ks::report {
namespace {

std::vector<std::string> rules_of(const Performance& performance) {
  std::vector<std::string> out;
  for (const Advice& advice : advice_on(performance)) {
    EXPECT_FALSE(advice.figure.empty());
    EXPECT_FALSE(advice.setting.empty());
    EXPECT_FALSE(advice.effect.empty());
    out.push_back(advice.rule);
  }
  return out;
}

bool triggers(const std::string& rule, Workload w) {
  const auto rules = rules_of(performance_of({std::move(w)}));
  return std::ranges::find(rules, rule) != rules.end();
}

// Figures that no rule has anything to say of.
Workload calm(std::initializer_list<std::pair<const char*, double>> others = {},
              const std::string& target = "kafka") {
  std::map<std::string, double> figures{{"acked_per_s", 1000},
                                        {"elapsed_s", 60},
                                        {"latency_ms_p50", 5},
                                        {"latency_ms_p95", 20},
                                        {"latency_ms_p99", 40},
                                        {"service_ms_p50", 4},
                                        {"end_to_end_ms_p95", 25},
                                        {"lag_ms_p99", 1},
                                        {"queue_full_waits", 0},
                                        {"sent_bytes", 300e6},
                                        {"broker_disk_write_bytes", target == "kafka" ? 310e6 : 0},
                                        {"broker_cpu_cores_mean", 1},
                                        {"machine_cpus", 4},
                                        {"machine_cpu_cores_mean", 2},
                                        {"broker_memory_bytes_max", 500e6},
                                        {"client_cpu_wait_s", 0.5}};
  for (const auto& [metric, value] : others) figures[metric] = value;
  Workload out = workload("burst", {}, target);
  std::vector<Metrics> runs(3, figures);
  out.figures = repeated_figures(runs);
  return out;
}

Workload with_limit(Workload w, const std::string& metric, double observed, double limit) {
  w.thresholds.push_back({metric, "<", limit, observed, observed < limit});
  return w;
}

TEST(PerformanceRulesTest, CalmFiguresAskForNothing) {
  EXPECT_TRUE(rules_of(performance_of({calm()})).empty());
  EXPECT_TRUE(rules_of(performance_of({calm({}, "kafscale")})).empty());
}

TEST(PerformanceRulesTest, BrokersBusy) {
  EXPECT_TRUE(triggers("brokers-busy", calm({{"broker_cpu_cores_mean", 3.3}})));
  EXPECT_FALSE(triggers("brokers-busy", calm({{"broker_cpu_cores_mean", 3.1}})));
  // Limits of control groups come before the machine's processors, where they are less.
  EXPECT_TRUE(triggers("brokers-busy", calm({{"broker_cpu_limit_cores", 1}})));
  EXPECT_TRUE(triggers("brokers-busy",
                       calm({{"broker_cpu_cores_mean", 3.3}, {"broker_cpu_limit_cores", 6}})));
}

TEST(PerformanceRulesTest, BrokersElsewhereHaveTheirOwnProcessors) {
  const auto elsewhere = [](std::initializer_list<std::pair<const char*, double>> figures) {
    Workload w = calm(figures);
    std::erase_if(w.figures, [](const Repeated& f) { return f.metric.starts_with("machine_"); });
    return w;
  };
  // The generator's machine, which has four, says nothing of them.
  EXPECT_FALSE(triggers("brokers-busy", elsewhere({{"broker_cpu_cores_mean", 20}})));
  EXPECT_TRUE(triggers("brokers-busy",
                       elsewhere({{"broker_cpu_cores_mean", 20}, {"broker_cpu_limit_cores", 24}})));
}

TEST(PerformanceRulesTest, BrokersThrottled) {
  EXPECT_TRUE(triggers("brokers-throttled", calm({{"broker_cpu_throttled_s", 0.7}})));
  EXPECT_FALSE(triggers("brokers-throttled", calm({{"broker_cpu_throttled_s", 0.5}})));
  // Those of three brokers, whose seconds add up.
  EXPECT_FALSE(
      triggers("brokers-throttled", calm({{"broker_cpu_throttled_s", 0.7}, {"brokers", 3}})));
}

TEST(PerformanceRulesTest, MachineBusyWithOthers) {
  EXPECT_TRUE(triggers("machine-busy", calm({{"machine_cpu_cores_mean", 3.7}})));
  EXPECT_FALSE(triggers("machine-busy", calm({{"machine_cpu_cores_mean", 3.5}})));
  // Where it is the brokers themselves, another rule says so.
  EXPECT_FALSE(triggers("machine-busy",
                        calm({{"machine_cpu_cores_mean", 3.9}, {"broker_cpu_cores_mean", 3.5}})));
}

TEST(PerformanceRulesTest, GeneratorWaits) {
  EXPECT_TRUE(triggers("generator-waits", calm({{"client_cpu_wait_s", 7}, {"lag_ms_p99", 8}})));
  EXPECT_FALSE(triggers("generator-waits", calm({{"client_cpu_wait_s", 5}, {"lag_ms_p99", 8}})));
  EXPECT_FALSE(triggers("generator-waits", calm({{"client_cpu_wait_s", 7}, {"lag_ms_p99", 2}})));
  // Without a schedule nobody is late.
  EXPECT_TRUE(triggers("generator-waits",
                       workload("snapshot", {{"client_cpu_wait_s", 2}, {"elapsed_s", 10}})));
}

TEST(PerformanceRulesTest, LatencyNearItsLimit) {
  EXPECT_TRUE(triggers("latency-near-limit", with_limit(calm(), "latency_ms_p95_median", 85, 100)));
  EXPECT_TRUE(
      triggers("latency-near-limit", with_limit(calm(), "latency_ms_p95_median", 150, 100)));
  EXPECT_FALSE(
      triggers("latency-near-limit", with_limit(calm(), "latency_ms_p95_median", 75, 100)));
}

TEST(PerformanceRulesTest, WaitsForTheFlushOfAKafScale) {
  EXPECT_TRUE(triggers("waits-for-flush", calm({{"service_ms_p50", 130}}, "kafscale")));
  EXPECT_FALSE(triggers("waits-for-flush", calm({{"service_ms_p50", 100}}, "kafscale")));
  EXPECT_FALSE(triggers("waits-for-flush", calm({{"service_ms_p50", 130}})));
}

TEST(PerformanceRulesTest, LongTail) {
  EXPECT_TRUE(triggers("long-tail", calm({{"latency_ms_p99", 60}})));
  EXPECT_FALSE(triggers("long-tail", calm({{"latency_ms_p99", 45}, {"latency_ms_p50", 1}})));
  EXPECT_FALSE(triggers("long-tail", calm({{"latency_ms_p99", 60}, {"latency_ms_p50", 10}})));
}

TEST(PerformanceRulesTest, RunsThatDiffer) {
  const auto of = [](const std::vector<double>& p95) {
    Workload w = calm();
    std::erase_if(w.figures, [](const Repeated& f) { return f.metric == "latency_ms_p95"; });
    std::vector<Metrics> runs;
    for (const double value : p95) runs.push_back({{"latency_ms_p95", value}});
    w.figures.push_back(repeated_figures(runs).front());
    return w;
  };
  Workload unscheduled = of({20, 40, 30});
  std::erase_if(unscheduled.figures, [](const Repeated& f) { return f.metric == "lag_ms_p99"; });
  EXPECT_FALSE(triggers("runs-differ", unscheduled));
  EXPECT_TRUE(triggers("runs-differ", of({20, 40, 30})));
  EXPECT_FALSE(triggers("runs-differ", of({28, 32, 30})));
  EXPECT_FALSE(triggers("runs-differ", of({1, 5, 3})));  // a hiccup of a few milliseconds
}

TEST(PerformanceRulesTest, ReadersThatAreLate) {
  EXPECT_TRUE(triggers("read-later", calm({{"end_to_end_ms_p95", 80}})));
  EXPECT_FALSE(triggers("read-later", calm({{"end_to_end_ms_p95", 65}})));
}

TEST(PerformanceRulesTest, SlowStart) {
  EXPECT_TRUE(triggers("slow-start", workload("startup", {{"ready_ms", 6000}})));
  EXPECT_FALSE(triggers("slow-start", workload("startup", {{"ready_ms", 4000}})));
}

TEST(PerformanceRulesTest, AQueueThatIsFullDespiteASchedule) {
  EXPECT_TRUE(triggers("queue-full", calm({{"queue_full_waits", 20}})));
  EXPECT_FALSE(triggers("queue-full", calm({{"queue_full_waits", 0}})));
  EXPECT_FALSE(
      triggers("queue-full", calm({{"queue_full_waits", 20}, {"broker_cpu_cores_mean", 3.5}})));
  // As fast as it goes, the generator waits for its own bound of what is under way.
  EXPECT_FALSE(triggers("queue-full", workload("snapshot", {{"queue_full_waits", 20},
                                                            {"acked_per_s", 50'000},
                                                            {"broker_cpu_cores_mean", 1},
                                                            {"machine_cpus", 4}})));
}

TEST(PerformanceRulesTest, CompressionIsForWhatCanBeCompressed) {
  Workload w = with_limit(calm({{"queue_full_waits", 20}}), "latency_ms_p95_median", 150, 100);
  const auto count = [&] {
    const auto list = advice_on(performance_of({w}));
    return std::ranges::count_if(list, [](const Advice& advice) {
      return advice.setting.find("compression.type") != std::string::npos;
    });
  };
  EXPECT_EQ(count(), 0);
  w.is_change_data = true;
  EXPECT_EQ(count(), 2);
}

TEST(PerformanceRulesTest, MemoryNearItsLimit) {
  const char* const metric = "broker_memory_bytes_max_max";
  EXPECT_TRUE(triggers("memory-near-limit", with_limit(calm(), metric, 1.8e9, 2e9)));
  EXPECT_FALSE(triggers("memory-near-limit", with_limit(calm(), metric, 1.5e9, 2e9)));
}

TEST(PerformanceRulesTest, MemoryThatGrows) {
  const auto of = [](double to, std::size_t seconds) {
    Workload w = calm();
    WorkloadRun run;
    for (std::size_t i = 0; i < seconds; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(seconds);
      run.resources.push_back({static_cast<std::int64_t>(i) * 1'000'000'000,
                               {{"broker_memory_bytes", 100e6 + (to - 100e6) * share}}});
    }
    w.runs.push_back(run);
    return w;
  };
  EXPECT_TRUE(triggers("memory-grows", of(200e6, 300)));
  EXPECT_FALSE(triggers("memory-grows", of(110e6, 300)));
  EXPECT_FALSE(triggers("memory-grows", of(200e6, 60)));  // it may only fill its caches
}

TEST(PerformanceRulesTest, MoreWrittenThanSent) {
  EXPECT_TRUE(triggers("disk-amplified", calm({{"broker_disk_write_bytes", 950e6}})));
  EXPECT_FALSE(triggers("disk-amplified", calm({{"broker_disk_write_bytes", 850e6}})));
  // A broker without state has no records to write.
  EXPECT_TRUE(triggers("disk-amplified", calm({{"broker_disk_write_bytes", 200e6}}, "kafscale")));
}

TEST(PerformanceRulesTest, LittleHeadroom) {
  const auto of = [](double rate, double by_client) {
    Performance p = performance_of({});
    p.highest = {{"max_rate_per_s", rate}, {"limited_by_client", by_client}};
    return rules_of(p);
  };
  EXPECT_EQ(of(8000, 0), std::vector<std::string>{"little-headroom"});
  EXPECT_TRUE(of(12'000, 0).empty());
  EXPECT_TRUE(of(8000, 1).empty());  // which says nothing of the broker
}

}  // namespace
}  // namespace ks::report
