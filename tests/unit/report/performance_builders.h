#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "builders.h"
#include "lib/report/performance.h"

// Workloads for the tests of the page that they come to.
namespace ks::report {

inline Run performance_run(const std::string& target = "kafka") {
  Run run = run_of(target, Stage::kPerformance);
  run.machine = {"host", "Debian GNU/Linux 12 (bookworm)", "Linux 6.1.0 x86_64", 4, 16'000'000'000};
  run.toolkit = "0.1.0";
  run.full_time = true;
  return run;
}

// Three runs that differ by a hundredth.
inline Workload workload(std::string name,
                         std::initializer_list<std::pair<const char*, double>> figures,
                         const std::string& target = "kafka") {
  Workload out;
  out.check = std::move(name);
  out.title = "Title of " + out.check;
  out.client = "wire";
  out.client_version = "0.1.0";
  out.run = performance_run(target);
  out.status = Status::kPass;
  std::vector<Metrics> runs(3);
  for (const auto& [metric, value] : figures) {
    runs[0][metric] = value * 0.99;
    runs[1][metric] = value;
    runs[2][metric] = value * 1.01;
  }
  out.figures = repeated_figures(runs);
  out.kept = {{1, Status::kPass}, {2, Status::kPass}, {3, Status::kPass}};
  return out;
}

inline Performance performance_of(std::vector<Workload> workloads) {
  Performance out;
  out.run = performance_run(workloads.empty() ? "kafka" : workloads.front().run.target);
  out.workloads = std::move(workloads);
  return out;
}

}  // namespace ks::report
