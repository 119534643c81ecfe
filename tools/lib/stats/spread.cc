#include "lib/stats/spread.h"

#include <algorithm>
#include <cmath>

namespace ks::stats {
namespace {

constexpr double kScale = 1.4826;  // 1 / (the third quartile of the standard normal distribution)

// REQUIRES: there are some. Of an even number the mean of the two in the middle.
double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {};
  Spread out;
  out.count = values.size();
  out.median = median_of(values);
  for (double& value : values) value = std::fabs(value - out.median);
  out.deviation = kScale * median_of(values);
  return out;
}

Variation variation_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  Variation out;
  for (const double value : values) out.mean += value / count;
  if (values.size() == 1) return out;
  for (const double value : values) {
    out.variance += (value - out.mean) * (value - out.mean) / (count - 1);
  }
  if (out.mean != 0) out.coefficient = std::sqrt(out.variance) / std::fabs(out.mean);
  return out;
}

}  // namespace ks::stats
