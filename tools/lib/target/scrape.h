#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/target/prometheus.h"

namespace ks::target {

// What to fetch; either may be empty.
struct ScrapePlan {
  std::string metrics_url;
  std::vector<std::string> health_urls;
};

struct HealthAnswer {
  std::string url;  // as it may be shown
  long status = 0;
  std::string text;  // the first line of the body

  bool healthy() const { return status == 200; }
};

// What a broker said of itself at one moment.
struct Scrape {
  std::int64_t at_ns = 0;  // wall clock
  double fetch_ms = 0;     // for everything
  std::string page_text;   // as it came
  MetricsPage page;
  std::vector<HealthAnswer> health;
  std::vector<std::string> violations;  // what a healthy broker would not have answered

  std::size_t healthy_count() const;
};

// Asks every URL. Fails where one gives no answer; a bad answer (another status than 200, an empty
// or malformed page) is a violation.
cli::Result<Scrape> scrape(const ScrapePlan& plan, cli::Deadline deadline);

// Why `page` does not have the wanted metric; empty where it does. A histogram or summary may be
// named without its suffix. Declared without a sample is not there yet.
std::string why_missing(const MetricsPage& page, const Series& wanted);

}  // namespace ks::target
