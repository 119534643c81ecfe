#include "lib/target/scrape.h"

#include <algorithm>

#include "lib/cli/redact.h"
#include "lib/cli/units.h"
#include "lib/target/http.h"

namespace ks::target {
namespace {

std::string first_line(const std::string& body) {
  constexpr std::size_t kMostShown = 120;
  return body.substr(0, std::min(body.find_first_of("\r\n"), kMostShown));
}

std::string bad_status(const std::string& url, const HttpAnswer& answer) {
  const std::string text = first_line(answer.body);
  return url + " answered " + std::to_string(answer.status) +
         (text.empty() ? "" : " (" + text + ")");
}

// Takes the page over where it can be read, else says why not.
void read_page(const std::string& url, HttpAnswer answer, Scrape& out) {
  if (answer.status != 200) {
    out.violations.push_back("metrics page " + bad_status(url, answer));
    return;
  }
  auto page = parse_metrics_page(answer.body);
  out.page_text = std::move(answer.body);
  if (!page) {
    out.violations.push_back("metrics page " + url + " is malformed: " + page.error().message());
  } else if (page->samples.empty()) {
    out.violations.push_back("metrics page " + url + " has no samples");
  } else {
    out.page = std::move(*page);
  }
}

}  // namespace

std::size_t Scrape::healthy_count() const {
  return static_cast<std::size_t>(std::count_if(
      health.begin(), health.end(), [](const HealthAnswer& answer) { return answer.healthy(); }));
}

cli::Result<Scrape> scrape(const ScrapePlan& plan, cli::Deadline deadline) {
  const cli::Deadline begun = cli::Clock::now();
  Scrape out;
  out.at_ns = cli::wall_ns();
  if (!plan.metrics_url.empty()) {
    auto answer = http_get(plan.metrics_url, deadline);
    if (!answer) return tl::make_unexpected(answer.error());
    read_page(cli::mask(plan.metrics_url), std::move(*answer), out);
  }
  for (const std::string& url : plan.health_urls) {
    const auto answer = http_get(url, deadline);
    if (!answer) return tl::make_unexpected(answer.error());
    out.health.push_back({cli::mask(url), answer->status, first_line(answer->body)});
    if (!out.health.back().healthy()) {
      out.violations.push_back("health " + bad_status(out.health.back().url, *answer));
    }
  }
  out.fetch_ms = cli::to_ms(cli::Clock::now() - begun);
  return out;
}

std::string why_missing(const MetricsPage& page, const Series& wanted) {
  if (!page.find(wanted).empty() || !page.find(page.counted(wanted)).empty()) return {};
  const std::string metric = "metric '" + wanted.text() + "' ";
  if (!page.is_declared(wanted.name)) return metric + "is missing";
  if (!wanted.labels.empty()) return metric + "has no sample with these labels";
  return metric + "is declared, but has no sample yet";
}

}  // namespace ks::target
