#include "lib/report/markdown_head.h"

#include <algorithm>

#include "lib/cli/clock.h"
#include "lib/report/questions.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

// Longer than what the tools say; what others say may be of any length.
constexpr std::size_t kMostBytes = 1000;

std::string cell(const std::string& text) { return escape_markdown(shortened(text, kMostBytes)); }
std::string code(const std::string& text) { return markdown_code(shortened(text, kMostBytes)); }

std::string heading(const Summary& summary, std::size_t most_reasons) {
  const Run& run = summary.run;
  std::string out = "# " + escape_markdown(occasion(run)) + ": " +
                    escape_markdown(decision(run, summary.verdict.status)) + "\n\n";
  out += "**Verdict: " + std::string(to_string(summary.verdict.status)) + ".** " +
         tally(summary.rows) + "\n";
  if (const std::string text = notice(run); !text.empty()) out += "\n> " + text + "\n";
  if (summary.verdict.reasons.empty()) return out;
  out += '\n';
  const auto& reasons = summary.verdict.reasons;
  const std::size_t shown = std::min(reasons.size(), most_reasons);
  for (std::size_t i = 0; i < shown; ++i) out += "- " + cell(reasons[i].text) + "\n";
  if (shown < reasons.size()) {
    out += "- and " + std::to_string(reasons.size() - shown) + " more\n";
  }
  return out;
}

std::string facts(const Summary& summary) {
  const Run& run = summary.run;
  const std::string broker = run.broker.product.empty() ? "not identified" : run.broker.product;
  std::string out = "\nRun " + code(run.run_id) + " · target " + run.target + " · profile " +
                    code(run.profile) + " · broker " + cell(broker);
  if (!run.broker.build.empty()) out += " " + code(run.broker.build);
  return out + " · started " + cli::format_rfc3339(run.started_at_ns) + "\n";
}

std::string questions(const Summary& summary) {
  if (!summary.run.asks_questions()) return {};
  std::string out = "\n## The five questions\n\n| Question | Answer | Why |\n|---|---|---|\n";
  for (const Answer& answer : summary.answers) {
    out += "| " + std::to_string(answer.question) + ". " +
           std::string(kQuestions[static_cast<std::size_t>(answer.question - 1)]) + " | " +
           std::string(to_string(answer.kind)) + " | " + cell(answer.reason) + " |\n";
  }
  return out;
}

}  // namespace

std::string markdown_head(const Summary& summary, std::size_t most_reasons) {
  return heading(summary, most_reasons) + facts(summary) + questions(summary);
}

}  // namespace ks::report
