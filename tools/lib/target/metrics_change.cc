#include "lib/target/metrics_change.h"

#include <algorithm>
#include <map>

namespace ks::target {
namespace {

std::map<Series, double> values_of(const MetricsPage& page) {
  std::map<Series, double> values;
  for (const Sample& sample : page.samples) values.emplace(sample.series, sample.value);
  return values;
}

}  // namespace

std::vector<SeriesChange> compare_pages(const MetricsPage& before, const MetricsPage& after) {
  std::vector<SeriesChange> changes;
  std::map<Series, double> old_values = values_of(before);
  for (const Sample& sample : after.samples) {
    SeriesChange change{sample.series, std::nullopt, sample.value,
                        after.is_cumulative(sample.series.name)};
    if (const auto old = old_values.extract(sample.series)) change.before = old.mapped();
    changes.push_back(std::move(change));
  }
  for (const Sample& sample : before.samples) {
    if (!old_values.contains(sample.series)) continue;
    changes.push_back(
        {sample.series, sample.value, std::nullopt, before.is_cumulative(sample.series.name)});
  }
  return changes;
}

bool was_restarted(const std::vector<SeriesChange>& changes) {
  for (const SeriesChange& change : changes) {
    if (!change.before || !change.after) continue;
    if (change.series.name == "kafscale_broker_uptime_seconds") return change.after < change.before;
    if (change.series.name == "process_start_time_seconds") return change.after > change.before;
  }
  return std::ranges::any_of(changes, &SeriesChange::went_backwards);
}

cli::Result<double> growth(const MetricsPage& before, const MetricsPage& after,
                           const Series& wanted) {
  const Series counted = after.counted(wanted);
  const auto samples = after.find(counted);
  if (samples.empty()) return cli::fail("metric '" + wanted.text() + "' is not on the page");
  const std::map<Series, double> old_values = values_of(before);
  const bool cumulative = after.is_cumulative(counted.name);
  double sum = 0;
  for (const Sample* sample : samples) {
    const auto old = old_values.find(sample->series);
    if (old == old_values.end() && !cumulative) {
      return cli::fail("metric '" + sample->series.text() + "' is not on the earlier page");
    }
    const double old_value = old == old_values.end() ? 0 : old->second;
    if (cumulative && sample->value < old_value) {
      return cli::fail("counter '" + sample->series.text() +
                       "' went backwards, what it grew by cannot be told");
    }
    sum += sample->value - old_value;
  }
  return sum;
}

}  // namespace ks::target
