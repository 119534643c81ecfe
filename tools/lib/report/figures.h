#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/report/evidence.h"

namespace ks::report {

// Which way a figure is to go, and by how much it may differ whatever else is known of it.
struct Direction {
  bool is_higher_better = false;
  double least_change = 0;  // in the figure's unit
};

// As the unit in the metric's name has it: times are to be short (_ms, _s, _seconds, also with a
// statistic behind: _ms_p99), rates are to be high (_per_s). Others have none.
std::optional<Direction> direction_of(std::string_view metric);

// Which figure it is, in whatever run.
struct FigureKey {
  std::string check;
  std::string client;
  std::string step;
  std::string metric;

  auto operator<=>(const FigureKey&) const = default;
};
using Figures = std::map<FigureKey, double>;

// Those of the run's steps that have a direction. Of a distribution they are p50 and p99; these and
// rates count where a step moved 100 records or more in a second or more, for less is chance. Left
// out is what says the same as another.
Figures figures_of(const RunFolder& folder);

// "produce_fetch (wire) batch latency_ms_p99"
std::string to_string(const FigureKey& key);

}  // namespace ks::report
