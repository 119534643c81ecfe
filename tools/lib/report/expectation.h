#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lib/cli/error.h"

namespace ks::report {

using Metrics = std::map<std::string, double>;

// "metric op value", op one of == != < <= > >=. The metric is any metric of the result.
struct Expectation {
  std::string metric;
  std::string op;
  double limit = 0;
};

cli::Result<Expectation> parse_expectation(std::string_view text);

bool holds(const Expectation& expectation, double observed);

// Whether the metric is there and the expectation holds.
bool holds(const Expectation& expectation, const Metrics& metrics);

}  // namespace ks::report
