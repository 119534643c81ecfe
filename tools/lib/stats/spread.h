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

// How much the values of one thing that was measured several times differ.
struct Variation {
  double mean = 0;
  double variance = 0;     // of the sample: divided by one less than there are; 0 of a single value
  double coefficient = 0;  // the standard deviation as a share of the mean; 0 where that is 0
};

// All 0 for no values.
Variation variation_of(const std::vector<double>& values);

}  // namespace ks::stats
