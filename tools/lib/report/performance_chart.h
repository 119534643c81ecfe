#pragma once

#include <string>
#include <vector>

#include "lib/report/performance.h"

namespace ks::report {

// A line of a text chart: one figure over time.
struct ChartLine {
  std::string name;            // with its unit
  std::vector<double> values;  // a second each; NaN where nothing was measured
  bool is_worst = false;       // of several seconds the highest is shown, else their mean
};

// Lines one below the other on a common time axis of whole seconds, at most 60 columns wide, each
// from 0 to its own highest value, as block characters; behind them the lowest and the highest
// value. Empty where nothing lasted three seconds.
std::string text_chart(const std::vector<ChartLine>& lines);

// The charts' lines of one run of a workload: records, latency, and what the brokers used.
std::vector<ChartLine> chart_lines(const WorkloadRun& run);

// The run that tells most: the slowest by the latency's p95, where there is one.
const WorkloadRun* slowest_run(const Workload& workload);

}  // namespace ks::report
