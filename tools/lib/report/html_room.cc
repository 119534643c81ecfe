#include "lib/report/html_room.h"

#include <algorithm>
#include <string_view>

#include "lib/report/rows.h"

namespace ks::report {
namespace {

// Of the rows that passed, and of the others: far more than any stage has.
constexpr std::size_t kMostWithEvidence = 150;

// As the templates have it: what stands around a value, and the value.
constexpr std::size_t kStepBytes = 900;
constexpr std::size_t kMetricBytes = 70;
constexpr std::size_t kThresholdBytes = 260;
constexpr std::size_t kItemBytes = 300;

std::size_t size_of(std::string_view text) {
  const auto special = std::ranges::count_if(
      text, [](char c) { return std::string_view("&<>\"'").find(c) != std::string_view::npos; });
  return text.size() + 5 * static_cast<std::size_t>(special);
}

std::size_t size_of(const std::vector<std::string>& texts) {
  std::size_t size = 0;
  for (const std::string& text : texts) size += size_of(text) + 30;
  return size;
}

std::size_t size_of(const Step& step) {
  const Result& result = step.result;
  std::size_t size = kStepBytes + size_of(result.reason) + size_of(result.argv) +
                     size_of(result.artifacts) + step.attachments.size() * kThresholdBytes;
  for (const auto& [name, value] : result.metrics) size += kMetricBytes + size_of(name);
  for (const Threshold& threshold : result.thresholds) {
    size += kThresholdBytes + size_of(threshold.metric);
  }
  for (const Anomaly& anomaly : result.anomalies) size += kItemBytes + size_of(anomaly.examples);
  for (const Finding& finding : result.findings) {
    size += kItemBytes + size_of(finding.summary) + size_of(finding.evidence);
  }
  return size;
}

std::size_t size_of(const Row& row) {
  std::size_t size = kStepBytes;
  for (const Step& step : row.steps) size += size_of(step);
  return size;
}

}  // namespace

bool Room::shrink(std::size_t over) {
  constexpr std::size_t kMargin = 20'000;
  if (evidence_bytes > 0) {
    evidence_bytes -= std::min(evidence_bytes, over + over / 3 + kMargin);
  } else if (timelines > 0) {
    timelines = timelines > 64 ? 64 : timelines / 4;
  } else if (names > 0) {
    names = names > 4096 ? 4096 : names / 4;
  } else {
    return false;
  }
  return true;
}

std::vector<bool> with_evidence(const Summary& summary, Room& room) {
  std::vector<bool> out(summary.rows.size());
  std::size_t bytes = 0;
  for (const bool of_passed : {false, true}) {
    std::size_t taken = 0;
    for (std::size_t i = 0; i < summary.rows.size() && taken < kMostWithEvidence; ++i) {
      const Row& row = summary.rows[i];
      if ((row.status == Status::kPass) != of_passed || !is_part_of(row, summary.run)) continue;
      ++taken;
      const std::size_t size = size_of(row);
      out[i] = bytes + size <= room.evidence_bytes;
      if (out[i]) bytes += size;
    }
  }
  room.evidence_bytes = bytes;
  return out;
}

}  // namespace ks::report
