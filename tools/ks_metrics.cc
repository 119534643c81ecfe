// ks-metrics: what a broker says of itself, by its Prometheus page and its health URLs.

#include <algorithm>

#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/target/metrics_check.h"
#include "lib/target/scrape_watch.h"
#include "lib/target/wait.h"
#include "lib/tool/tool.h"

namespace ks {
namespace {

namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

// Between two scrapes of --wait: often enough to be prompt, seldom enough not to load the broker.
constexpr auto kWaitInterval = std::chrono::milliseconds(100);

constexpr const char* kAbout = R"(Fetches and judges a Prometheus page and health URLs.

  ks-metrics --require kafscale_produce_rps --expect 'kafscale_s3_error_rate == 0'
  ks-metrics --save before.txt
  ks-metrics --since before.txt --expect-increase kafscale_produce_latency_ms
  ks-metrics compare before.txt after.txt
  ks-metrics --interval 1s --duration 10s
)";

po::options_description options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("url", po::value<std::string>(), "metrics page (default: the profile's)");
  add("health", po::value<Words>(),
      "URL that must answer 200 (repeatable; default: the profile's)");
  add("require", po::value<Words>(), "metric that must be there (repeatable)");
  add("since", po::value<std::string>(), "compare with the page saved in this file");
  add("expect-increase", po::value<Words>(), "metric that must have grown (repeatable)");
  add("save", po::value<std::string>(), "save the page as it came, for --since and compare");
  add("wait", po::value<cli::DurationArg>(), "repeat until all holds, at most this long");
  add("interval", po::value<cli::DurationArg>(),
      "watch: a scrape every so often, one JSON line each");
  add("duration", po::value<cli::DurationArg>(), "watch for this long (default: until stopped)");
  add("format", po::value<std::string>()->default_value("table"), "table or json");
  return options;
}

// URLs of the command line stand alone: a page given by hand is not that of the profile's broker.
Result<target::ScrapePlan> plan_of(const tool::Session& session) {
  if (session.has("url") || session.has("health")) {
    return target::ScrapePlan{session.option<std::string>("url", ""),
                              session.option<Words>("health", {})};
  }
  if (session.profile.metrics_url.empty() && session.profile.health_urls.empty()) {
    return cli::fail("no metrics URL", "profile " + session.profile.name,
                     "give --url or --health, or set metrics_url in the profile");
  }
  return target::ScrapePlan{session.profile.metrics_url, session.profile.health_urls};
}

Result<std::vector<target::Series>> series_of(const tool::Session& session, const char* option) {
  std::vector<target::Series> list;
  for (const std::string& text : session.option<Words>(option, {})) {
    auto series = target::parse_series(text);
    if (!series) {
      return cli::fail(series.error().what, "--" + std::string(option), series.error().action);
    }
    list.push_back(std::move(*series));
  }
  return list;
}

Result<target::Wanted> wanted_of(const tool::Session& session, const std::string& earlier) {
  auto required = series_of(session, "require");
  if (!required) return tl::make_unexpected(required.error());
  auto increased = series_of(session, "expect-increase");
  if (!increased) return tl::make_unexpected(increased.error());
  target::Wanted wanted{std::move(*required), std::move(*increased), std::nullopt, {}};
  for (const auto& expectation : session.expectations) wanted.values.push_back(expectation.metric);
  if (earlier.empty()) {
    if (wanted.increased.empty()) return wanted;
    return cli::fail("--expect-increase without an earlier page", {}, "give --since FILE");
  }
  auto page = target::read_metrics_page(earlier);
  if (!page) return tl::make_unexpected(page.error());
  wanted.earlier = std::move(*page);
  return wanted;
}

report::Finding reset_finding(const target::SeriesChange& change) {
  return {
      "counter-reset", "warning",
      "counter " + change.series.text() + " went backwards: the broker was restarted in between",
      target::format_value(*change.before) + " to " + target::format_value(*change.after)};
}

// Records figures, counters that went backwards, and what was violated.
void record(const target::MetricsCheck& check, report::Result& result) {
  for (const auto& [name, value] : check.metrics) result.metrics[name] = value;
  for (const target::SeriesChange& change : check.changes) {
    if (!change.went_backwards()) continue;
    result.findings.push_back(reset_finding(change));
    cli::log_warning(result.findings.back().summary);
  }
  // A watch compares many times: all resets count, not those of the last comparison.
  if (check.metrics.contains("counter_resets")) {
    result.metrics["counter_resets"] = static_cast<double>(result.findings.size());
  }
  if (!check.violations.empty()) result.lower_to(report::Status::kFail, check.reason());
}

// The first expectation that the metrics do not meet; empty where there is none.
std::string unmet(const std::vector<report::Expectation>& expectations,
                  const report::Metrics& metrics) {
  for (const report::Expectation& e : expectations) {
    if (report::holds(e, metrics)) continue;
    return "expected " + e.metric + " " + e.op + " " + target::format_value(e.limit);
  }
  return {};
}

// Those that each scrape of a watch has to meet; the others are about the watch as a whole.
std::vector<report::Expectation> each_scrape(std::vector<report::Expectation> expectations) {
  static const Words kOfTheWatch{"scrapes", "scrapes_unreachable", "scrapes_violated",
                                 "counter_resets", "series_changed"};
  std::erase_if(expectations, [](const auto& e) {
    return std::find(kOfTheWatch.begin(), kOfTheWatch.end(), e.metric) != kOfTheWatch.end();
  });
  return expectations;
}

void print(const target::CheckedScrape& checked, bool as_json, const tool::Session& session) {
  if (as_json) return session.print(target::to_line(target::to_json(checked)));
  for (const target::Sample& sample : checked.scrape.page.samples) {
    session.print(sample.series.text() + " " + target::format_value(sample.value));
  }
  for (const target::HealthAnswer& answer : checked.scrape.health) {
    session.print(answer.url + " " + std::to_string(answer.status) + " " + answer.text);
  }
}

Result<void> get(tool::Session& session, const target::ScrapePlan& plan,
                 const target::Wanted& wanted) {
  const cli::Deadline wait_end =
      cli::Clock::now() + session.option<cli::DurationArg>("wait", {}).value;
  Result<target::CheckedScrape> last = cli::fail("not asked yet");
  target::wait_until(
      [&] {
        last = target::scrape_and_check(plan, wanted, session.deadline());
        return last && last->check.violations.empty() &&
               unmet(session.expectations, last->check.metrics).empty();
      },
      wait_end, kWaitInterval);
  if (!last) return tl::make_unexpected(last.error());
  record(last->check, session.result);
  session.result.data = target::to_json(*last);
  print(*last, session.option<std::string>("format", "") == "json", session);
  const auto save = session.option<std::string>("save", "");
  return save.empty() ? Result<void>() : cli::write_file(save, last->scrape.page_text);
}

// One JSON line a scrape.
Result<void> watch(tool::Session& session, const target::ScrapePlan& plan,
                   const target::Wanted& wanted) {
  const cli::Duration interval = session.option<cli::DurationArg>("interval", {}).value;
  if (interval <= cli::Duration::zero()) return cli::fail("an interval of 0", "--interval");
  if (session.has("wait") || session.has("save")) {
    return cli::fail("--interval goes with neither --wait nor --save");
  }
  const cli::Deadline end =
      session.has("duration")
          ? cli::Clock::now() + session.option<cli::DurationArg>("duration", {}).value
          : cli::Deadline::max();
  const auto expectations = each_scrape(session.expectations);
  const auto judge = [&](const Result<target::CheckedScrape>& checked) {
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
  if (tally.unreachable == tally.scrapes) return cli::fail(tally.first_reason);
  if (!tally.first_reason.empty()) {
    session.result.lower_to(report::Status::kFail, tally.first_reason);
  }
  return {};
}

Result<void> fetch(tool::Session& session) {
  const auto format = session.option<std::string>("format", "");
  if (format != "table" && format != "json") {
    return cli::fail("unknown format '" + format + "'", "--format", "choose table or json");
  }
  const auto plan = plan_of(session);
  if (!plan) return tl::make_unexpected(plan.error());
  const auto wanted = wanted_of(session, session.option<std::string>("since", ""));
  if (!wanted) return tl::make_unexpected(wanted.error());
  return session.has("interval") ? watch(session, *plan, *wanted) : get(session, *plan, *wanted);
}

std::string value_or_dash(const std::optional<double>& value) {
  return value ? target::format_value(*value) : "-";
}

Result<void> compare(tool::Session& session) {
  if (session.words.size() != 3) return cli::fail("compare takes two files", {}, "see --help");
  const auto wanted = wanted_of(session, session.words[1]);
  if (!wanted) return tl::make_unexpected(wanted.error());
  const auto page = target::read_metrics_page(session.words[2]);
  if (!page) return tl::make_unexpected(page.error());
  const auto check = target::check_page(*page, *wanted);
  if (!check) return tl::make_unexpected(check.error());
  record(*check, session.result);
  session.result.data = target::to_json(check->changes);
  for (const target::SeriesChange& change : check->changes) {
    if (change.before == change.after) continue;
    session.print(change.series.text() + " " + value_or_dash(change.before) + " " +
                  value_or_dash(change.after));
  }
  return {};
}

Result<void> run(tool::Session& session) {
  if (session.words.empty() || session.words == Words{"get"}) return fetch(session);
  if (session.words.front() == "compare") return compare(session);
  return cli::fail("unknown command '" + session.words.front() + "'", {}, "see --help");
}

}  // namespace
}  // namespace ks

int main(int argc, char** argv) {
  ks::tool::Spec spec;
  spec.name = "ks-metrics";
  spec.synopsis = "[get | compare BEFORE AFTER] [options]";
  spec.about = ks::kAbout;
  spec.options.add(ks::options());
  spec.default_timeout = std::chrono::seconds(5);
  spec.needs_broker = false;
  spec.run = ks::run;
  return ks::tool::main_of(spec, argc, argv);
}
