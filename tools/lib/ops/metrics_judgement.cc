#include "lib/ops/metrics_judgement.h"

#include <algorithm>

#include "lib/cli/log.h"

namespace ks::ops {
namespace {

// One finding tells of all of them; of what shrinks again and again the first time counts.
void note_resets(const target::MetricsCheck& check, report::Result& result) {
  std::vector<const target::SeriesChange*> resets;
  for (const target::SeriesChange& change : check.changes) {
    if (change.went_backwards()) resets.push_back(&change);
  }
  if (resets.empty()) return;
  const bool restarted = check.metrics.at(target::kRestarts) > 0;
  const char* const id = restarted ? kCounterReset : kCounterShrinks;
  const auto is_known = [id](const report::Finding& finding) { return finding.id == id; };
  if (!restarted && std::ranges::any_of(result.findings, is_known)) return;
  const target::SeriesChange& first = *resets.front();
  std::string text = "counter " + first.series.text();
  if (resets.size() > 1) text += " and " + std::to_string(resets.size() - 1) + " more";
  text += " went backwards: ";
  text += restarted ? "the broker was restarted in between"
                    : "the broker was not restarted, what it grows by means nothing";
  result.findings.push_back(
      {id, "warning", text,
       target::format_value(*first.before) + " to " + target::format_value(*first.after)});
  cli::log_warning(text);
}

}  // namespace

void record(const target::MetricsCheck& check, report::Result& result) {
  for (const auto& [name, value] : check.metrics) {
    // A watch compares many times: these count all of them.
    const bool adds_up = name == target::kCounterResets || name == target::kRestarts;
    double& figure = result.metrics[name];
    figure = adds_up ? figure + value : value;
  }
  note_resets(check, result);
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
