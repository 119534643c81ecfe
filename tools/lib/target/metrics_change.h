#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/target/prometheus.h"

namespace ks::target {

// One series on two pages of the same broker. Absent: not on that page.
struct SeriesChange {
  Series series;
  std::optional<double> before;
  std::optional<double> after;
  bool cumulative = false;

  // A counter never shrinks while its broker lives, or is none.
  bool went_backwards() const { return cumulative && before && after && *after < *before; }
};

// Every series of either page: first those of `after` in its order, then those that disappeared.
std::vector<SeriesChange> compare_pages(const MetricsPage& before, const MetricsPage& after);

// Whether the broker was restarted between the pages, of which these are the changes. Its uptime
// tells (kafscale_broker_uptime_seconds, or process_start_time_seconds); where the page has none, a
// counter that went backwards does.
bool was_restarted(const std::vector<SeriesChange>& changes);

// By how much the wanted metric grew, summed over the series that match. A histogram or summary by
// its bare name means its _count; a counter that was not there yet began at 0. Fails, with the
// reason in `what`, where growth cannot be told: the metric is missing or a counter went backwards.
cli::Result<double> growth(const MetricsPage& before, const MetricsPage& after,
                           const Series& wanted);

}  // namespace ks::target
