#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/expectation.h"

namespace ks::report {

// One figure of something that was run several times.
struct Repeated {
  std::string metric;
  std::vector<double> values;  // a run each, in their order
  double median = 0;
  double least = 0;
  double most = 0;
  double variance = 0;  // of the sample
  double cv = 0;        // the coefficient of variation: a share, not a percentage
  // Numbers of runs, from 1, whose value lies apart from the others': farther from the median than
  // three times the spread (the scaled median absolute deviation), than a fifth of the median, and
  // than what one hiccup of a machine makes (Direction::least_change). Of three runs that is the
  // one which two others that agree contradict; which of them is the usual case three cannot tell.
  std::vector<std::size_t> outliers;
};

// The figures that every run has, by name. What says the same as another (kafka_*) is left out.
std::vector<Repeated> repeated_figures(const std::vector<Metrics>& runs);

// NAME_median, _min, _max, _variance and _cv of each.
void add_repeated(const std::vector<Repeated>& figures, Metrics& out);

nlohmann::ordered_json to_json(const Repeated& figure);
// Nothing where that is none.
std::optional<Repeated> repeated_from_json(const nlohmann::ordered_json& json);
// `repeats` of a result's data; what is none is left out.
std::vector<Repeated> parse_repeats(const nlohmann::ordered_json& data);

}  // namespace ks::report
