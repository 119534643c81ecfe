#include <algorithm>

#include "lib/ops/metrics_judgement.h"
#include "lib/ops/metrics_modes.h"
#include "lib/target/scrape_watch.h"
#include "lib/tool/series_file.h"

namespace ks::ops {
namespace {

// Those that each scrape of a watch has to meet; the others are about the watch as a whole.
std::vector<report::Expectation> each_scrape(std::vector<report::Expectation> expectations) {
  static const std::vector<std::string> kOfTheWatch{
      "scrapes",          "scrapes_unreachable",  "scrapes_unwell",
      "scrapes_violated", target::kCounterResets, target::kRestarts,
      "series_changed"};
  std::erase_if(expectations, [](const auto& e) {
    return std::find(kOfTheWatch.begin(), kOfTheWatch.end(), e.metric) != kOfTheWatch.end();
  });
  return expectations;
}

cli::Result<target::WatchBounds> bounds_of(tool::Session& session) {
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
  return target::WatchBounds{interval, end, session.timeout};
}

// What becomes of each scrape.
class Watch {
 public:
  explicit Watch(tool::Session& session)
      : session_(session),
        expectations_(each_scrape(session.expectations)),
        is_through_outages_(session.has("through-outages")) {}

  // Why it does not hold; empty where it does.
  std::string judge(const cli::Result<target::CheckedScrape>& checked) {
    if (!checked) {
      session_.print(target::to_line(
          {{"at", cli::format_rfc3339(cli::wall_ns())}, {"error", checked.error().message()}}));
      return outage(checked.error().message());
    }
    const std::string line = line_of(*checked);
    session_.print(line.empty() ? target::to_line(target::to_json(*checked)) : line);
    const bool is_well = checked->scrape.violations.empty();
    if (!is_well && is_through_outages_) return outage(checked->check.reason());
    record(checked->check, session_.result);
    if (!line.empty()) series_ += line + "\n";
    return checked->check.violations.empty() ? unmet(expectations_, checked->check.metrics)
                                             : checked->check.reason();
  }

  // A line of the series each scrape that was answered.
  const std::string& series() const { return series_; }
  // Why the first broker was away or unwell; empty where none was.
  const std::string& first_outage() const { return first_outage_; }

 private:
  std::string outage(const std::string& reason) {
    if (first_outage_.empty()) first_outage_ = reason;
    return is_through_outages_ ? "" : reason;
  }

  // Of the series; empty where nothing is recorded.
  static std::string line_of(const target::CheckedScrape& checked) {
    if (checked.check.recorded.empty()) return {};
    return target::to_line(
        {{"time", cli::format_rfc3339(checked.scrape.at_ns)}, {"metrics", checked.check.recorded}});
  }

  tool::Session& session_;
  const std::vector<report::Expectation> expectations_;
  const bool is_through_outages_;
  std::string series_;
  std::string first_outage_;
};

}  // namespace

cli::Result<void> watch_metrics(tool::Session& session, const target::ScrapePlan& plan,
                                const target::Wanted& wanted) {
  const auto bounds = bounds_of(session);
  if (!bounds) return tl::make_unexpected(bounds.error());
  Watch watch(session);
  const target::WatchTally tally = target::watch_scrapes(
      plan, wanted, *bounds, [&watch](const auto& checked) { return watch.judge(checked); });
  session.result.metrics["scrapes"] = tally.scrapes;
  session.result.metrics["scrapes_unreachable"] = tally.unreachable;
  session.result.metrics["scrapes_unwell"] = tally.unwell;
  session.result.metrics["scrapes_violated"] = tally.violated;
  if (!wanted.recorded.empty()) {
    if (auto done = tool::write_series(session, watch.series()); !done) return done;
  }
  if (tally.scrapes == 0) {
    session.result.lower_to(report::Status::kInconclusive, "stopped before the first scrape");
  } else if (tally.unreachable == tally.scrapes) {
    return cli::fail(watch.first_outage());
  } else if (tally.unreachable + tally.unwell == tally.scrapes) {
    session.result.lower_to(report::Status::kFail, watch.first_outage());
  } else if (!tally.first_reason.empty()) {
    session.result.lower_to(report::Status::kFail, tally.first_reason);
  }
  return {};
}

}  // namespace ks::ops
