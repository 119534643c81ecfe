#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::report {

using Metrics = std::map<std::string, double>;

// 0 where there is none of that name.
double metric_or_zero(const Metrics& metrics, const std::string& name);

// "metric op value", op one of == != < <= > >=. The metric is any metric of the result.
struct Expectation {
  std::string metric;
  std::string op;
  double limit = 0;
};

cli::Result<Expectation> parse_expectation(std::string_view text);

// What --limit says, with another limit where a profile's `limits` have one for the metric.
void take_limits(const std::map<std::string, double>& limits, std::vector<Expectation>& expected);

bool holds(const Expectation& expectation, double observed);

// Whether the metric is there and the expectation holds.
bool holds(const Expectation& expectation, const Metrics& metrics);

}  // namespace ks::report
