#include "lib/target/metrics_check.h"

#include <array>
#include <charconv>
#include <cmath>

#include "lib/cli/file.h"

namespace ks::target {
namespace {

using Json = nlohmann::ordered_json;

Json value_json(double value) {
  return std::isfinite(value) ? Json(value) : Json(format_value(value));
}

Json value_json(const std::optional<double>& value) {
  return value ? value_json(*value) : Json(nullptr);
}

cli::Result<void> take_value(const MetricsPage& page, const std::string& name,
                             std::map<std::string, double>& metrics) {
  if (metrics.contains(name)) return {};
  const auto wanted = parse_series(name);
  if (!wanted) return tl::make_unexpected(wanted.error());
  if (const Sample* sample = page.find_one(*wanted)) {
    if (std::isfinite(sample->value)) metrics[name] = sample->value;
    return {};
  }
  const auto candidates = page.find(*wanted);
  if (candidates.empty()) return {};
  return cli::fail("metric '" + name + "' has " + std::to_string(candidates.size()) + " series", {},
                   "name the labels too, like " + candidates.front()->series.text());
}

// The sum over all series of that name and labels: 0 where it is declared and has none yet.
void take_recorded(const MetricsPage& page, const Series& wanted, MetricsCheck& check) {
  const auto samples = page.find(page.counted(wanted));
  if (samples.empty() && !(wanted.labels.empty() && page.is_declared(wanted.name))) {
    check.violations.push_back(why_missing(page, wanted));
    return;
  }
  double sum = 0;
  for (const Sample* sample : samples) sum += sample->value;
  if (std::isfinite(sum)) check.recorded[wanted.text()] = sum;
}

void check_growth(const MetricsPage& page, const Wanted& wanted, MetricsCheck& check) {
  for (const Series& series : wanted.increased) {
    const auto grown = growth(*wanted.earlier, page, series);
    if (!grown) {
      check.violations.push_back(grown.error().what);
      continue;
    }
    check.growth[series.text()] = *grown;
    if (!(*grown > 0)) {
      check.violations.push_back("metric '" + series.text() + "' did not increase (by " +
                                 format_value(*grown) + ")");
    }
  }
}

void check_changes(const MetricsPage& page, const MetricsPage& earlier, MetricsCheck& check) {
  check.changes = compare_pages(earlier, page);
  double changed = 0;
  double resets = 0;
  for (const SeriesChange& change : check.changes) {
    changed += change.before != change.after ? 1 : 0;
    resets += change.went_backwards() ? 1 : 0;
  }
  check.metrics["series_changed"] = changed;
  check.metrics[kCounterResets] = resets;
  check.metrics[kRestarts] = was_restarted(check.changes) ? 1 : 0;
}

}  // namespace

cli::Result<MetricsCheck> check_page(const MetricsPage& page, const Wanted& wanted) {
  MetricsCheck check;
  check.metrics["series"] = static_cast<double>(page.samples.size());
  for (const Series& series : wanted.required) {
    if (auto why = why_missing(page, series); !why.empty()) check.violations.push_back(why);
  }
  for (const Series& series : wanted.recorded) take_recorded(page, series, check);
  if (wanted.earlier) {
    check_changes(page, *wanted.earlier, check);
    check_growth(page, wanted, check);
  }
  for (const std::string& name : wanted.values) {
    if (auto taken = take_value(page, name, check.metrics); !taken) {
      return tl::make_unexpected(taken.error());
    }
  }
  return check;
}

std::string MetricsCheck::reason() const {
  std::string line;
  for (const std::string& violation : violations) {
    if (!line.empty()) line += "; ";
    line += violation;
  }
  return line;
}

cli::Result<CheckedScrape> scrape_and_check(const ScrapePlan& plan, const Wanted& wanted,
                                            cli::Deadline deadline) {
  auto scraped = scrape(plan, deadline);
  if (!scraped) return tl::make_unexpected(scraped.error());
  CheckedScrape out{std::move(*scraped), {}};
  const Scrape& scrape = out.scrape;
  // A page that cannot be read is one violation, not one more for each metric it should have.
  if (!scrape.page.samples.empty() || plan.metrics_url.empty()) {
    auto checked = check_page(scrape.page, wanted);
    if (!checked) return tl::make_unexpected(checked.error());
    out.check = std::move(*checked);
  }
  std::vector<std::string>& violations = out.check.violations;
  violations.insert(violations.begin(), scrape.violations.begin(), scrape.violations.end());
  out.check.metrics["fetch_ms"] = scrape.fetch_ms;
  out.check.metrics["health_urls"] = static_cast<double>(scrape.health.size());
  out.check.metrics["healthy_urls"] = static_cast<double>(scrape.healthy_count());
  return out;
}

cli::Result<MetricsPage> read_metrics_page(const std::string& path) {
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  auto page = parse_metrics_page(*text);
  if (!page) return cli::fail(page.error().what, path + ", " + page.error().where);
  if (page->samples.empty()) return cli::fail("no samples", path, "save a page with --save");
  return page;
}

std::string format_value(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

Json to_json(const CheckedScrape& checked) {
  const Scrape& scrape = checked.scrape;
  Json samples = Json::object();
  for (const Sample& sample : scrape.page.samples) {
    samples[sample.series.text()] = value_json(sample.value);
  }
  Json health = Json::array();
  for (const HealthAnswer& answer : scrape.health) {
    health.push_back({{"url", answer.url}, {"status", answer.status}, {"text", answer.text}});
  }
  Json out{{"at", cli::format_rfc3339(scrape.at_ns)},
           {"fetch_ms", scrape.fetch_ms},
           {"samples", std::move(samples)},
           {"health", std::move(health)},
           {"violations", checked.check.violations}};
  for (const auto& [series, grown] : checked.check.growth) out["growth"][series] = grown;
  return out;
}

Json to_json(const std::vector<SeriesChange>& changes) {
  Json list = Json::array();
  for (const SeriesChange& change : changes) {
    if (change.before == change.after) continue;
    list.push_back({{"series", change.series.text()},
                    {"before", value_json(change.before)},
                    {"after", value_json(change.after)},
                    {"went_backwards", change.went_backwards()}});
  }
  return list;
}

std::string to_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ks::target
