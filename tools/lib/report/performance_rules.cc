// What follows from a figure. Each rule looks at one workload, or at the search for the highest
// rate; it says the figure that triggered it, and changes nothing else.
#include "lib/report/performance_rules.h"

#include "lib/report/performance_words.h"

namespace ks::report {
namespace {

// What is left above the burst, where the broker was the limit.
Found little_headroom(const Performance& performance) {
  const auto rate = performance.highest.find("max_rate_per_s");
  const auto client = performance.highest.find("limited_by_client");
  if (rate == performance.highest.end() || client == performance.highest.end()) return {};
  constexpr double kBurst = 5000;
  constexpr double kHeadroom = 2;
  if (client->second != 0 || rate->second >= kHeadroom * kBurst) return {};
  return Advice{{},
                "max_rate",
                "highest rate " + value_text("_per_s", rate->second) + ", the burst's is " +
                    value_text("_per_s", kBurst),
                "more brokers or processors before the traffic doubles",
                "room for twice the burst within the same p95"};
}

void apply_rules(std::span<const Rule> rules, const Performance& performance,
                 std::vector<Advice>& out) {
  for (const Rule& rule : rules) {
    for (const Workload& workload : performance.workloads) {
      auto found = rule.look(workload);
      if (!found) continue;
      found->rule = rule.name;
      found->workload = workload.check;
      out.push_back(std::move(*found));
    }
  }
}

}  // namespace

bool is_kafscale(const Workload& workload) { return workload.run.target == "kafscale"; }

bool is_scheduled(const Workload& workload) { return workload.figure("lag_ms_p99") != nullptr; }

bool is_compressible(const Workload& workload) { return workload.is_change_data; }

std::string said(const Workload& workload, const char* metric) {
  return words_of(metric) + " " + value_text(metric, workload.median(metric));
}

std::vector<Advice> advice_on(const Performance& performance) {
  std::vector<Advice> out;
  apply_rules(latency_rules(), performance, out);
  apply_rules(resource_rules(), performance, out);
  if (auto found = little_headroom(performance)) {
    found->rule = "little-headroom";
    out.push_back(std::move(*found));
  }
  return out;
}

std::size_t count_rules() { return latency_rules().size() + resource_rules().size() + 1; }

}  // namespace ks::report
