#include <algorithm>

#include "lib/ops/metrics_judgement.h"
#include "lib/ops/metrics_modes.h"
#include "lib/target/scrape_watch.h"

namespace ks::ops {
namespace {

// Those that each scrape of a watch has to meet; the others are about the watch as a whole.
std::vector<report::Expectation> each_scrape(std::vector<report::Expectation> expectations) {
  static const std::vector<std::string> kOfTheWatch{
      "scrapes", "scrapes_unreachable", "scrapes_violated", "counter_resets", "series_changed"};
  std::erase_if(expectations, [](const auto& e) {
    return std::find(kOfTheWatch.begin(), kOfTheWatch.end(), e.metric) != kOfTheWatch.end();
  });
  return expectations;
}

}  // namespace

cli::Result<void> watch_metrics(tool::Session& session, const target::ScrapePlan& plan,
                                const target::Wanted& wanted) {
  const cli::Duration interval = session.option<cli::DurationArg>("interval", {}).value;
  if (interval <= cli::Duration::zero()) return cli::fail("an interval of 0", "--interval");
  const cli::Duration duration = session.option<cli::DurationArg>("duration", {}).value;
  if (session.has("duration") && duration <= cli::Duration::zero()) {
    return cli::fail("a duration of 0", "--duration");
  }
  session.runs_until_stopped = !session.has("duration");
  if (session.has("wait") || session.has("save")) {
    return cli::fail("--interval goes with neither --wait nor --save");
  }
  const cli::Deadline end =
      session.runs_until_stopped ? cli::Deadline::max() : cli::Clock::now() + duration;
  const auto expectations = each_scrape(session.expectations);
  const auto judge = [&](const cli::Result<target::CheckedScrape>& checked) {
    if (!checked) {
      session.print(target::to_line(
          {{"at", cli::format_rfc3339(cli::wall_ns())}, {"error", checked.error().message()}}));
      return checked.error().message();
    }
    print(*checked, true, session);
    record(checked->check, session.result);
    return checked->check.violations.empty() ? unmet(expectations, checked->check.metrics)
                                             : checked->check.reason();
  };
  const target::WatchTally tally =
      target::watch_scrapes(plan, wanted, {interval, end, session.timeout}, judge);
  session.result.metrics["scrapes"] = tally.scrapes;
  session.result.metrics["scrapes_unreachable"] = tally.unreachable;
  session.result.metrics["scrapes_violated"] = tally.violated;
  if (tally.scrapes == 0) {
    session.result.lower_to(report::Status::kInconclusive, "stopped before the first scrape");
    return {};
  }
  if (tally.unreachable == tally.scrapes) return cli::fail(tally.first_reason);
  if (!tally.first_reason.empty()) {
    session.result.lower_to(report::Status::kFail, tally.first_reason);
  }
  return {};
}

}  // namespace ks::ops
