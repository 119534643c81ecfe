#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/target/metrics_change.h"
#include "lib/target/prometheus.h"
#include "lib/target/scrape.h"

namespace ks::target {

// What a user asks of a metrics page.
struct Wanted {
  std::vector<Series> required;          // must be there
  std::vector<Series> increased;         // must have grown since `earlier`
  std::optional<MetricsPage> earlier{};  // an earlier page of the same broker
  std::vector<std::string> values;       // series whose values are asked for, as the user wrote
  std::vector<Series> recorded{};        // whose values are kept over time; declared is enough
};

// Figures of a comparison: how many counters went backwards, and whether the broker was restarted.
inline constexpr const char* kCounterResets = "counter_resets";
inline constexpr const char* kRestarts = "restarts";

struct MetricsCheck {
  std::map<std::string, double> metrics;  // figures of the page, and the values asked for
  std::vector<std::string> violations;
  std::vector<SeriesChange> changes;       // since the earlier page; empty without one
  std::map<std::string, double> recorded;  // of Wanted::recorded those that are numbers
  std::map<std::string, double> growth;    // of Wanted::increased, where it can be told

  std::string reason() const;  // the violations as one line; empty without any
};

// Fails where a value is asked for by a name that several series share. A value that is not there,
// or not a finite number, is left out of the metrics.
cli::Result<MetricsCheck> check_page(const MetricsPage& page, const Wanted& wanted);

struct CheckedScrape {
  Scrape scrape;
  MetricsCheck check;  // its violations include the scrape's
};

// Errors are those of scrape() and check_page(). The metrics are completed by fetch_ms, health_urls
// and healthy_urls.
cli::Result<CheckedScrape> scrape_and_check(const ScrapePlan& plan, const Wanted& wanted,
                                            cli::Deadline deadline);

// A page that was saved to a file.
cli::Result<MetricsPage> read_metrics_page(const std::string& path);

// Shortest text of a sample's value; NaN, +Inf and -Inf as in the page.
std::string format_value(double value);

// JSON has no NaN or infinity: these are their text there.
nlohmann::ordered_json to_json(const CheckedScrape& checked);
nlohmann::ordered_json to_json(const std::vector<SeriesChange>& changes);

// JSON as one line; bytes that are not UTF-8 are replaced.
std::string to_line(const nlohmann::ordered_json& json);

}  // namespace ks::target
