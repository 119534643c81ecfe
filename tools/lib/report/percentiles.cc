#include "lib/report/percentiles.h"

namespace ks::report {

void add_percentiles(Metrics& metrics, const std::string& name, const stats::Histogram& histogram) {
  if (histogram.count() == 0) return;
  const auto put = [&](const char* suffix, double ns) { metrics[name + suffix] = ns / 1e6; };
  put("_mean", histogram.mean());
  put("_p50", static_cast<double>(histogram.quantile(0.50)));
  put("_p95", static_cast<double>(histogram.quantile(0.95)));
  put("_p99", static_cast<double>(histogram.quantile(0.99)));
  put("_p999", static_cast<double>(histogram.quantile(0.999)));
  put("_max", static_cast<double>(histogram.max()));
}

}  // namespace ks::report
