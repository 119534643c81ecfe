#pragma once

#include <cstddef>
#include <vector>

namespace ks::stats {

// What several values come to, whatever one or two of them are.
struct Spread {
  std::size_t count = 0;
  double median = 0;
  // The median of the distances from the median, scaled so that of normally distributed values it
  // is about their standard deviation; 0 where more than half are equal.
  double deviation = 0;
};

// All 0 for no values.
Spread spread_of(std::vector<double> values);

}  // namespace ks::stats
