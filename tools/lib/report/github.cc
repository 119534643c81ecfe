#include "lib/report/github.h"

#include <algorithm>

#include "lib/report/finding_hints.h"
#include "lib/report/seen_findings.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

constexpr std::size_t kMostOfAType = 10;
constexpr std::size_t kMostBytes = 3000;  // GitHub cuts what is longer than 4 KiB

struct Annotation {
  std::string title;
  std::string message;
};
using Annotations = std::vector<Annotation>;

// As GitHub's own toolkit does it: a property ends at a colon or a comma, too.
std::string escape(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : clean(shortened(text, kMostBytes))) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
    }
  }
  return out;
}

std::string line_of(const std::string& type, const Annotation& annotation) {
  return "::" + type + " title=" + escape(annotation.title, "%\r\n:,") +
         "::" + escape(annotation.message, "%\r\n") + "\n";
}

std::string lines_of(const std::string& type, const Annotations& annotations) {
  const bool all = annotations.size() <= kMostOfAType;
  const std::size_t shown = all ? annotations.size() : kMostOfAType - 1;
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) out += line_of(type, annotations[i]);
  if (all) return out;
  const std::string more = std::to_string(annotations.size() - shown);
  return out + line_of(type, {"and " + more + " more", "report.md and report.html have all"});
}

void add_reasons(const Summary& summary, Annotations& errors, Annotations& warnings) {
  for (const Reason& reason : summary.verdict.reasons) {
    const bool is_error = reason.status == Status::kFail || reason.status == Status::kError;
    (is_error ? errors : warnings)
        .push_back({reason.row ? row_name(summary.rows[*reason.row]) : "the run", reason.text});
  }
}

// A violation has failed its check, and what is worth knowing is in the report.
void add_findings(const Summary& summary, Annotations& warnings) {
  for (const SeenFinding& seen : seen_findings(summary)) {
    if (seen.finding->severity != "warning") continue;
    const std::string hint = hint_of_finding(seen.finding->id);
    warnings.push_back({seen.finding->id, seen.finding->summary + " (" + joined(seen.seen_by) +
                                              ")" + (hint.empty() ? "" : "\n" + hint)});
  }
}

void add_notices(const Summary& summary, Annotations& notices) {
  const Status verdict = summary.verdict.status;
  const std::string text = notice(summary.run);
  notices.push_back({occasion(summary.run),
                     std::string(to_string(verdict)) + ": " + decision(summary.run, verdict) +
                         ". " + tally(summary.rows) + (text.empty() ? "" : "\n" + text)});
  for (const Row& row : summary.rows) {
    if (!row.accepted.empty()) {
      notices.push_back({row_name(row), row.accepted_why + " (" + row.reason + ")"});
    }
  }
}

}  // namespace

std::string to_github(const Summary& summary) {
  Annotations errors, warnings, notices;
  add_reasons(summary, errors, warnings);
  add_findings(summary, warnings);
  add_notices(summary, notices);
  return lines_of("error", errors) + lines_of("warning", warnings) + lines_of("notice", notices);
}

}  // namespace ks::report
