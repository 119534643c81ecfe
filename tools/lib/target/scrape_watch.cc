#include "lib/target/scrape_watch.h"

#include <algorithm>

#include "lib/cli/signals.h"
#include "lib/target/wait.h"

namespace ks::target {

WatchTally watch_scrapes(
    const ScrapePlan& plan, Wanted wanted, const WatchBounds& bounds,
    const std::function<std::string(const cli::Result<CheckedScrape>&)>& judge) {
  WatchTally tally;
  cli::Deadline next = cli::Clock::now();
  bool is_last = cli::stop_signal() != 0;
  while (next < bounds.end && !(is_last && tally.scrapes == 0)) {
    auto checked = scrape_and_check(plan, wanted, cli::Clock::now() + bounds.timeout);
    ++tally.scrapes;
    const std::string reason = judge(checked);
    if (!checked) ++tally.unreachable;
    if (checked && !checked->scrape.violations.empty()) ++tally.unwell;
    if (checked && !reason.empty()) ++tally.violated;
    if (tally.first_reason.empty()) tally.first_reason = reason;
    if (checked && !checked->scrape.page.samples.empty()) {
      wanted.earlier = std::move(checked->scrape.page);
    }
    if (is_last) break;
    next += bounds.interval;
    wait_until([] { return false; }, std::min(next, bounds.end));  // ends early on a stop signal
    is_last = cli::stop_signal() != 0;
  }
  return tally;
}

}  // namespace ks::target
