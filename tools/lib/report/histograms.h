#pragma once

#include <map>
#include <string>

#include "lib/report/result.h"
#include "lib/stats/histogram.h"

namespace ks::report {

// The distributions that a result has whole in data.histograms, by name and unit: latency_ns.
using Histograms = std::map<std::string, stats::Histogram>;

// Adds those of the result to `into`; what is no histogram is left out.
void merge_histograms(const Result& result, Histograms& into);

// Puts them into the result, and of those in nanoseconds the percentiles: latency_ms_p99.
void put_histograms(const Histograms& histograms, Result& result);

}  // namespace ks::report
