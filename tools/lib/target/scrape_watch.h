#pragma once

#include <functional>
#include <string>

#include "lib/cli/clock.h"
#include "lib/cli/units.h"
#include "lib/target/metrics_check.h"

namespace ks::target {

struct WatchBounds {
  cli::Duration interval{};
  cli::Deadline end;
  cli::Duration timeout{};  // of one scrape
};

// What a watch saw.
struct WatchTally {
  double scrapes = 0;
  double unreachable = 0;    // no answer
  double unwell = 0;         // an answer that a healthy broker would not have given
  double violated = 0;       // an answer that does not hold
  std::string first_reason;  // the first that `judge` gave
};

// Scrapes at `interval` until `end`, or until a stop signal and then once more; and compares each
// page with the one before it (the first with wanted.earlier). `judge` gets every outcome and says
// why it does not hold; empty where it does. A scrape that fails does not end the watch: an outage
// is what one may watch for.
WatchTally watch_scrapes(
    const ScrapePlan& plan, Wanted wanted, const WatchBounds& bounds,
    const std::function<std::string(const cli::Result<CheckedScrape>&)>& judge);

}  // namespace ks::target
