#pragma once

#include <string>

#include "lib/report/expectation.h"
#include "lib/stats/histogram.h"

namespace ks::report {

// NAME_mean, _p50, _p95, _p99, _p999 and _max in milliseconds, of a histogram of nanoseconds;
// nothing of an empty one.
void add_percentiles(Metrics& metrics, const std::string& name, const stats::Histogram& histogram);

}  // namespace ks::report
