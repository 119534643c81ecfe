#include "lib/ops/metrics_command.h"

#include "lib/ops/metrics_modes.h"
#include "lib/tool/series_file.h"

namespace ks::ops {
namespace {

namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

constexpr const char* kAbout = R"(Fetches and judges a Prometheus page and health URLs.

  ks-metrics --require kafscale_produce_rps --expect 'kafscale_s3_error_rate == 0'
  ks-metrics --save before.txt
  ks-metrics --since before.txt --expect-increase kafscale_produce_latency_ms
  ks-metrics compare before.txt after.txt
  ks-metrics --interval 1s --duration 10s
  ks-metrics --interval 1s --record kafscale_s3_latency_ms_avg --series latency.jsonl
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
  add("record", po::value<Words>(),
      "watch: metric that must be there or declared; only the sums of these over their labels are "
      "told, and go to --series (repeatable)");
  add("series", po::value<std::string>(), tool::kSeriesHelp);
  add("through-outages", "watch: a broker that is away or says it is unwell is no violation");
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

// `earlier`: the file of an earlier page; may be empty.
Result<target::Wanted> wanted_of(const tool::Session& session, const std::string& earlier) {
  auto required = series_of(session, "require");
  if (!required) return tl::make_unexpected(required.error());
  auto increased = series_of(session, "expect-increase");
  if (!increased) return tl::make_unexpected(increased.error());
  auto recorded = series_of(session, "record");
  if (!recorded) return tl::make_unexpected(recorded.error());
  target::Wanted wanted{
      std::move(*required), std::move(*increased), std::nullopt, {}, std::move(*recorded)};
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

Result<void> fetch(tool::Session& session) {
  const auto as_json = tool::wants_json(session);
  if (!as_json) return tl::make_unexpected(as_json.error());
  const auto plan = plan_of(session);
  if (!plan) return tl::make_unexpected(plan.error());
  const auto wanted = wanted_of(session, session.option<std::string>("since", ""));
  if (!wanted) return tl::make_unexpected(wanted.error());
  if (session.has("interval")) return watch_metrics(session, *plan, *wanted);
  for (const char* option : {"record", "series", "through-outages"}) {
    if (session.has(option))
      return cli::fail("an option of a watch", "--" + std::string(option), "give --interval, too");
  }
  return get_metrics(session, *plan, *wanted, *as_json);
}

Result<void> compare(tool::Session& session) {
  if (session.words.size() != 3) return cli::fail("compare takes two files", {}, "see --help");
  const auto wanted = wanted_of(session, session.words[1]);
  if (!wanted) return tl::make_unexpected(wanted.error());
  const auto page = target::read_metrics_page(session.words[2]);
  if (!page) return tl::make_unexpected(page.error());
  return compare_metrics(session, *page, *wanted);
}

Result<void> run(tool::Session& session) {
  if (session.words.empty() || session.words == Words{"get"}) return fetch(session);
  if (session.words.front() == "compare") return compare(session);
  return cli::fail("unknown command '" + session.words.front() + "'", {}, "see --help");
}

}  // namespace

tool::Spec metrics_command() {
  return {"ks-metrics",
          "[get | compare BEFORE AFTER] [options]",
          kAbout,
          options(),
          std::chrono::seconds(5),
          false,
          run,
          client::Implementation::kLibrdkafka,
          "each scrape"};
}

}  // namespace ks::ops
