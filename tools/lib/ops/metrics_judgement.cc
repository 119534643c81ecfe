#include "lib/ops/metrics_judgement.h"

#include "lib/cli/log.h"

namespace ks::ops {
namespace {

report::Finding reset_finding(const target::SeriesChange& change) {
  return {
      kCounterReset, "warning",
      "counter " + change.series.text() + " went backwards: the broker was restarted in between",
      target::format_value(*change.before) + " to " + target::format_value(*change.after)};
}

}  // namespace

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

std::string unmet(const std::vector<report::Expectation>& expectations,
                  const report::Metrics& metrics) {
  for (const report::Expectation& e : expectations) {
    if (report::holds(e, metrics)) continue;
    return "expected " + e.metric + " " + e.op + " " + target::format_value(e.limit);
  }
  return {};
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

}  // namespace ks::ops
